"""Keep the receipts of a drop as fresh as its size allows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from video_pipeline.domain.drop import Drop, DropState
from video_pipeline.domain.job import Job
from video_pipeline.domain.policy import Policy
from video_pipeline.domain.receipt import receipt
from video_pipeline.ports import Clock, Drops, Receipts

LOST_RACE = timedelta(seconds=1)
TRIES = 20


@dataclass(frozen=True, slots=True)
class ShowReceipt:
    drops: Drops
    receipts: Receipts
    clock: Clock
    policy: Policy

    def __call__(self, drop: Drop, changed_at: datetime) -> timedelta | None:
        """Write the receipts unless they show what changed; return how long to wait if too soon.

        The view is numbered before the jobs are read, so a higher number never knows less.
        """
        if drop.covered_at is not None and drop.covered_at > changed_at:
            return None
        wait = self._too_soon(drop)
        if wait is not None:
            return wait
        return None if self._show(drop) else LOST_RACE

    def at_the_end_of(self, job: Job, drop: Drop) -> timedelta | None:
        """Show how a job's run ends; return how long the run has to wait if it is too soon.

        Of all runs that come too soon one promises the next view; the others leave it to that one,
        for it is taken later than they looked, and so shows what they wrote before.
        """
        changed_at = max(job.state_since, drop.state_since)
        is_ours = drop.owed_by == job.id
        if is_ours and drop.owed_after is not None:
            changed_at = max(changed_at, drop.owed_after)
        wait = self(drop, changed_at)
        if wait is None or (drop.is_next_view_owed and not is_ours):
            return None
        self.drops.promise_view(drop, job.id)
        return wait

    def at_once(self, drop_id: str) -> None:
        """Write the receipts of a drop whose jobs were just made, or have ended, however soon."""
        for _ in range(TRIES):
            drop = self.drops.drop(drop_id)
            if drop is None or self._show(drop):
                return

    def _show(self, drop: Drop) -> bool:
        taken = self.drops.take_view(drop, self.clock.now())
        if taken is None:
            return False
        jobs = self.drops.each_job_of(taken.id) if taken.total else ()
        self.receipts.write(taken, receipt(taken, jobs))
        self.drops.mark_covered(taken)
        return True

    def _too_soon(self, drop: Drop) -> timedelta | None:
        """Return how long an open drop should wait; an ended one is shown at once."""
        if drop.state is not DropState.ACCEPTED or drop.viewed_at is None:
            return None
        large = drop.total > self.policy.large_manifest
        interval = self.policy.large_receipt_interval if large else self.policy.receipt_interval
        left = drop.viewed_at + interval - self.clock.now()
        return left if left > timedelta(0) else None
