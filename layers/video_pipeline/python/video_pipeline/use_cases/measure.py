"""Tell from time to time how all jobs and the day's money stand, whether anything moves or not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from video_pipeline.domain.credits import to_credits
from video_pipeline.domain.figures import NONE, PERCENT, SECONDS, STATE, Figure
from video_pipeline.domain.job import JobState
from video_pipeline.domain.policy import Policy
from video_pipeline.ports import Account, Census, Clock


@dataclass(frozen=True, slots=True)
class Measure:
    """`daily_cap` in units."""

    census: Census
    account: Account
    policy: Policy
    clock: Clock
    daily_cap: int

    def __call__(self) -> tuple[Figure, ...]:
        """Return every gauge; a state without jobs has zeros, so that silence is never absence."""
        now = self.clock.now()
        return (*self._stages(now), *self._money(now), *self._trouble(now))

    def _stages(self, now: datetime) -> Iterator[Figure]:
        for state in JobState:
            standing = self.census.standing(state)
            age = (now - standing.oldest).total_seconds() if standing.oldest else 0.0
            yield Figure("Jobs", standing.count, dimension=(STATE, state.value))
            yield Figure("OldestSeconds", max(age, 0.0), SECONDS, (STATE, state.value))

    def _money(self, now: datetime) -> Iterator[Figure]:
        reserved, charged = self.census.credits(now.date().isoformat())
        taken, cap = reserved + charged, self.daily_cap
        yield Figure("CreditsReserved", to_credits(reserved), NONE)
        yield Figure("CreditsCharged", to_credits(charged), NONE)
        yield Figure("CreditsLeft", to_credits(max(cap - taken, 0)), NONE)
        yield Figure("CapUsed", 100 * taken / cap if cap else 100.0, PERCENT)

    def _trouble(self, now: datetime) -> Iterator[Figure]:
        risky = self.census.links_that_end_before(now + self.policy.at_risk_before)
        yield Figure("LinksAtRisk", risky)
        yield Figure("Paused", float(self.account.control().paused is not None))
