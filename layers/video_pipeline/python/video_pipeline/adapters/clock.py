"""The present instant."""

from datetime import UTC, datetime


class SystemClock:
    """The clock port over the machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)
