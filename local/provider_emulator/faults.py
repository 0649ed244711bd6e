import itertools
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

KINDS = {
    "create": ("http", "html", "empty", "slow", "lost_answer", "reset_before", "no_id"),
    "task": (
        "fail",
        "stuck",
        "regress",
        "empty_results",
        "unknown_status",
        "cancel",
        "gone",
    ),
    "read": ("http", "slow"),
    "result": (
        "forbidden",
        "needs_user_agent",
        "html",
        "truncated",
        "wrong_type",
        "slow",
        "endless",
        "breaks_off",
        "dead_link",
    ),
    "callback": ("lost", "duplicate", "late", "before_answer", "foreign", "garbage"),
}
OF_THE_REST = ("breaks_off", "dead_link")
"""Faults that leave downloads of a range with an end alone, as a first look asks for."""

MATCHED_EXACTLY = ("task_id", "api_key", "idempotency_key")
MATCHED_INSIDE = ("prompt", "callback_url")
Place = Literal["create", "task", "read", "result", "callback"]


class Match(BaseModel):
    """Which requests or tasks a fault is for; ids and keys are equal, texts are contained."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task_id: str | None = None
    api_key: str | None = None
    idempotency_key: str | None = None
    prompt: str | None = None
    callback_url: str | None = None

    def fits(self, subject: Mapping[str, str | None]) -> bool:
        exact = all(
            wanted is None or wanted == subject.get(name)
            for name, wanted in self._wanted(MATCHED_EXACTLY)
        )
        return exact and all(
            wanted is None or wanted in (subject.get(name) or "")
            for name, wanted in self._wanted(MATCHED_INSIDE)
        )

    def _wanted(self, names: tuple[str, ...]) -> Iterator[tuple[str, str | None]]:
        return ((name, getattr(self, name)) for name in names)


class Fault(BaseModel):
    """One armed fault; the fields after `match` matter to the kinds that the docs name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    on: Place
    kind: str
    times: Annotated[int, Field(ge=1)] | None = 1
    match: Match = Match()
    status: int | str | None = None
    style: Literal["A", "B"] | None = None
    code: str | None = None
    message: str | None = None
    retry_after: int | str | None = None
    seconds: Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)] | None = None
    form: Literal["status", "failed"] | None = None

    @model_validator(mode="after")
    def _is_known(self) -> "Fault":
        if self.kind not in KINDS[self.on]:
            raise ValueError(
                f"kind {self.kind!r} is not known on {self.on!r};"
                f" known: {', '.join(KINDS[self.on])}"
            )
        if self.kind == "http" and not (
            isinstance(self.status, int) and 200 <= self.status <= 599  # noqa: PLR2004 - HTTP
        ):
            raise ValueError("kind 'http' needs a status from 200 to 599")
        return self


class Faults:
    """The armed faults, oldest first; taking one uses it up."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._armed: dict[str, tuple[Fault, int | None]] = {}

    def arm(self, fault: Fault) -> str:
        name = f"fault-{next(self._numbers)}"
        self._armed[name] = (fault, fault.times)
        return name

    def clear(self) -> int:
        count = len(self._armed)
        self._armed.clear()
        return count

    def listed(self) -> list[dict[str, Any]]:
        return [
            {"id": name, "left": left} | fault.model_dump(exclude_none=True)
            for name, (fault, left) in self._armed.items()
        ]

    def take(
        self, on: Place, subject: Mapping[str, str | None], *, kinds: tuple[str, ...] | None = None
    ) -> Fault | None:
        for name, (fault, left) in self._armed.items():
            wanted = fault.on == on and (kinds is None or fault.kind in kinds)
            if wanted and fault.match.fits(subject):
                self._use(name, fault, left)
                return fault
        return None

    def _use(self, name: str, fault: Fault, left: int | None) -> None:
        if left == 1:
            del self._armed[name]
        elif left is not None:
            self._armed[name] = (fault, left - 1)
