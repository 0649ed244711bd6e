"""Find every job that has work left and nobody at it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from video_pipeline.domain.discrepancy import Discrepancy, Kind
from video_pipeline.domain.job import Job
from video_pipeline.ports import Clock, Ledger, Runs
from video_pipeline.use_cases.open_next_run import OpenNextRun


@dataclass(frozen=True, slots=True)
class FindForsaken:
    ledger: Ledger
    runs: Runs
    open_next_run: OpenNextRun
    clock: Clock
    patience: timedelta

    def __call__(self) -> Iterator[Discrepancy]:
        """Give every forsaken job a run, and tell which they were."""
        for job in self.ledger.unfinished(self.clock.now() - self.patience):
            if self._is_forsaken(job):
                self.open_next_run.make_sure(job)
                message = f"{job.name} of {job.manifest_key} stood still as {job.state}."
                yield Discrepancy(Kind.FORSAKEN_JOB, message, job.id, job.task_id, repaired=True)

    def _is_forsaken(self, job: Job) -> bool:
        if job.open_run is not None:
            return not self.runs.is_alive(job.id, job.open_run)
        return job.needs_run
