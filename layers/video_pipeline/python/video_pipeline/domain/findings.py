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
        self.warnings: list[Problem] = []

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
        self.warnings.extend(list(problems)[: self._most - len(self.warnings)])


def _enough(most: int) -> Problem:
    return Problem(
        "too_many_errors",
        "$",
        f"Reading stopped after {most:,} errors; there may be more.",
        limit=str(LIMITS["errors"]),
        source=LIMITS["errors"].source,
        fix="Mend these first; many errors often have one cause, such as a wrong default.",
    )
