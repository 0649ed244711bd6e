"""A run that was stopped or failed does not take its job with it."""

from dataclasses import dataclass

from video_pipeline.ports import Ledger
from video_pipeline.use_cases.open_next_run import OpenNextRun


@dataclass(frozen=True, slots=True)
class ContinueRun:
    ledger: Ledger
    open_next_run: OpenNextRun

    def __call__(self, job_id: str, run: int) -> bool:
        """Continue a dead run as the next one, unless a later run exists already."""
        job = self.ledger.job(job_id)
        if job is None or job.open_run != run:
            return False
        self.open_next_run(job)
        return True
