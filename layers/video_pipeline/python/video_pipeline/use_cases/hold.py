"""Whether the account lets anything be submitted now, and the probe that ends a pause."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from video_pipeline.domain.answers import AccountRefused, AccountTrouble
from video_pipeline.domain.control import FIRST_PROBE, Control, paused_by_provider, resumed
from video_pipeline.domain.errors import ProviderUnavailableError
from video_pipeline.ports import Account, Clock, Provider
from video_pipeline.use_cases.change_account import ChangeAccount

RATE_LIMIT_WAIT = timedelta(seconds=60)  # the provider's own advice for 429 [docs]
PROBE = "probe"


@dataclass(frozen=True, slots=True)
class Hold:
    account: Account
    provider: Provider
    change_account: ChangeAccount
    clock: Clock

    def left(self, control: Control | None = None) -> timedelta | None:
        """Return how long every submission is held back, None when it is not.

        `control` is what the ledger says of the account, if the caller has just read it.
        """
        if not self.provider.is_ready():
            return FIRST_PROBE
        now = self.clock.now()
        control = control or self.account.control()
        if control.ends_by_itself and self._probe(control, now):
            control = self.change_account(resumed(control, PROBE, now))
        else:
            self.change_account.tell(control)
        return control.hold(now)

    def because_of(self, refusal: AccountRefused, needs: int | None) -> None:
        """Hold every job, not only the one that met the refusal and needs so many units."""
        now = self.clock.now()
        if refusal.trouble is AccountTrouble.RATE_LIMIT:
            wait = refusal.retry_after_seconds
            pause = RATE_LIMIT_WAIT if wait is None else timedelta(seconds=wait)
            self.account.hold_until(now + pause)
            return
        units = needs if refusal.trouble is AccountTrouble.QUOTA else None
        self.change_account(paused_by_provider(self.account.control(), refusal, units, now))

    def _probe(self, control: Control, now: datetime) -> bool:
        """Ask for the credits, which is free; one caller in a while is enough."""
        since = control.since or now
        waited = now - since >= control.probe_every
        if not waited or not self.account.claim_probe(now, control.probe_every):
            return False
        try:
            return control.would_end(self.provider.remaining_credits())
        except ProviderUnavailableError:
            return False
