"""Run a use case one outside call at a time, by replaying the answers that it had before.

A use case is deterministic but for the answers of its ports.
So a worker halfway through is nothing but its arguments and the answers so far,
which makes it a value: it can be copied, compared, continued twice, or killed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


class PauseError(BaseException):
    """The use case makes a call that nobody has answered yet; no product code may catch it."""

    def __init__(self, call: "Call") -> None:
        super().__init__(call.operation)
        self.call = call


@dataclass(frozen=True, slots=True)
class Call:
    operation: str
    arguments: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Raised:
    """An answer that is an error."""

    error: type[Exception]


@dataclass(frozen=True, slots=True)
class Ended:
    """The use case returned; `error` is what it threw instead."""

    result: object
    error: type[Exception] | None = None


@dataclass(slots=True)
class Tape:
    """Answers calls from a log, and stops at the first one that the log does not hold."""

    log: tuple[object, ...]
    position: int = field(default=0, init=False)

    def __call__(self, operation: str, *arguments: object) -> object:
        if self.position == len(self.log):
            raise PauseError(Call(operation, arguments))
        answer = self.log[self.position]
        self.position += 1
        if isinstance(answer, Raised):
            raise answer.error(operation)
        return answer


def replayed(use_case: Callable[[Tape], object], log: tuple[object, ...]) -> Call | Ended:
    """Return the call that a use case makes after these answers, or its end."""
    try:
        return Ended(use_case(Tape(log)))
    except PauseError as pause:
        return pause.call
    except Exception as error:  # noqa: BLE001 - whatever kills a function ends it
        return Ended(None, type(error))
