"""Whether the account lets anything be submitted now, and the probe that ends a pause."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from video_pipeline.domain.answers import AccountRefused, AccountTrouble
from video_pipeline.domain.control import Control
from video_pipeline.domain.errors import ProviderUnavailableError
from video_pipeline.ports import Clock, Ledger, Provider

PROBE_EVERY = timedelta(minutes=1)
RATE_LIMIT_WAIT = timedelta(seconds=60)  # the provider's own advice for 429 [docs]


@dataclass(frozen=True, slots=True)
class Hold:
    ledger: Ledger
    provider: Provider
    clock: Clock

    def left(self) -> timedelta | None:
        """Return how long every submission is held back, None when it is not."""
        if not self.provider.is_ready():
            return PROBE_EVERY
        now = self.clock.now()
        control = self.ledger.control()
        if control.paused is not None and self._probe(now):
            self.ledger.hold(Control())
            return None
        return control.hold(now, PROBE_EVERY)

    def because_of(self, refusal: AccountRefused) -> None:
        """Hold every job, not only the one that met the refusal."""
        now = self.clock.now()
        if refusal.trouble is AccountTrouble.RATE_LIMIT:
            wait = refusal.retry_after_seconds
            pause = RATE_LIMIT_WAIT if wait is None else timedelta(seconds=wait)
            self.ledger.hold(Control(not_before=now + pause, since=now, message=refusal.message))
        else:
            paused = Control(paused=refusal.trouble, since=now, message=refusal.message)
            self.ledger.hold(paused)

    def _probe(self, now: datetime) -> bool:
        """Ask for the credits, which is free; one caller in a while is enough."""
        if not self.ledger.claim_probe(now, PROBE_EVERY):
            return False
        try:
            left = self.provider.remaining_credits()
        except ProviderUnavailableError:
            return False
        return left is None or left > 0
