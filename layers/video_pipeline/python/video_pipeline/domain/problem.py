"""What is wrong with something that a user handed in, told so that the user can mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One error or warning.

    `code` is stable, `path` a JSON path ("$.jobs[2].duration") or "line 3, column 7",
    `value` what stood there, `limit` what is allowed, `source` who says so, `fix` what to do.
    """

    code: str
    path: str
    message: str
    value: str | None = None
    limit: str | None = None
    source: str | None = None
    fix: str | None = None
