"""The one shared row that all workers obey: account-wide trouble holds every submission."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Control:
    """`paused` says why nothing may be submitted; `not_before` until when a rate limit holds."""

    paused: str | None = None
    message: str | None = None
    since: datetime | None = None
    not_before: datetime | None = None

    def hold(self, now: datetime, probe_every: timedelta) -> timedelta | None:
        """Return how long to wait before looking again, None when submitting is open."""
        if self.paused is not None:
            return probe_every
        if self.not_before is not None and self.not_before > now:
            return self.not_before - now
        return None
