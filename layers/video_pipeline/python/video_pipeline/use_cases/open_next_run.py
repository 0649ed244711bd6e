"""Give a job a run that looks at it, whatever became of the one before."""

from dataclasses import dataclass

from video_pipeline.domain.job import Job
from video_pipeline.ports import Ledger, Runs


@dataclass(frozen=True, slots=True)
class OpenNextRun:
    ledger: Ledger
    runs: Runs

    def __call__(self, job: Job) -> None:
        """Open the run after the one that `job` shows, unless somebody else just did.

        Opening comes first and starting is by name: whoever finds a run open that was never
        started starts it, and a second start of the same name changes nothing.
        """
        run = job.last_run + 1
        if self.ledger.open_run(job, run):
            self.runs.start(job.id, run)

    def make_sure(self, job: Job) -> None:
        """Start the open run if nobody has; open the next if there is none or it is dead."""
        if job.open_run is None or not self.runs.start(job.id, job.open_run):
            self(job)
