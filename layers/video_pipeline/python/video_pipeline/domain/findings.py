"""Everything found wrong while something is read, up to a number that people can still use."""

from collections.abc import Iterable

from video_pipeline.domain.limits import LIMITS
from video_pipeline.domain.problem import Problem


class EnoughError(Exception):
    """So much is wrong that reading on would not help anybody."""


class Findings:
    """Collects errors and warnings; raises EnoughError when the errors fill a receipt."""

    def __init__(self, most: int = LIMITS["errors"].most) -> None:
        self._most = most
        self.errors: list[Problem] = []
        self._warnings: dict[Problem, None] = {}

    def add(self, problems: Iterable[Problem]) -> bool:
        """Take in errors, and say whether there were any."""
        before = len(self.errors)
        for problem in problems:
            self.errors.append(problem)
            if len(self.errors) == self._most:
                self.errors.append(_enough(self._most))
                raise EnoughError
        return len(self.errors) > before

    def warn(self, problems: Iterable[Problem]) -> None:
        """Take in warnings, each once: what stands in the defaults is wrong once, not per job."""
        for problem in problems:
            if len(self._warnings) < self._most:
                self._warnings[problem] = None

    def recall(self, errors: Iterable[Problem], warnings: Iterable[Problem]) -> None:
        """Take in what was found before; it filled no receipt then."""
        self.errors += errors
        self._warnings |= dict.fromkeys(warnings)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(self._warnings)

    def make_strict(self) -> None:
        """Turn every warning into an error."""
        warnings, self._warnings = self._warnings, {}
        self.add(warnings)


def _enough(most: int) -> Problem:
    return Problem(
        "too_many_errors",
        "$",
        f"Reading stopped after {most:,} errors; there may be more.",
        limit=str(LIMITS["errors"]),
        source=LIMITS["errors"].source,
        fix="Mend these first; many errors often have one cause, such as a wrong default.",
    )
