"""Find every job that has work left and nobody at it."""

from dataclasses import dataclass
from datetime import timedelta

from video_pipeline.domain.job import Job
from video_pipeline.ports import Clock, Ledger, Runs
from video_pipeline.use_cases.open_next_run import OpenNextRun


@dataclass(frozen=True, slots=True)
class Reconcile:
    ledger: Ledger
    runs: Runs
    open_next_run: OpenNextRun
    clock: Clock
    patience: timedelta

    def __call__(self) -> int:
        """Give every forsaken job a run; return how many there were."""
        forsaken = 0
        for job in self.ledger.unfinished(self.clock.now() - self.patience):
            if self._is_forsaken(job):
                self.open_next_run.make_sure(job)
                forsaken += 1
        return forsaken

    def _is_forsaken(self, job: Job) -> bool:
        if job.open_run is not None:
            return not self.runs.is_alive(job.id, job.open_run)
        return job.needs_run
