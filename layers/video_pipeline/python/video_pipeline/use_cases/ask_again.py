"""Take a job at rest up again where the provider holds its task, which pays nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from video_pipeline.domain import moves
from video_pipeline.domain.claims import is_ours
from video_pipeline.domain.errors import StaleMoveError, TaskTakenError
from video_pipeline.domain.job import Charged, Job, JobState
from video_pipeline.domain.moves import Move
from video_pipeline.domain.task import Task, TaskStatus
from video_pipeline.ports import Clock, Drops, Ledger, Provider
from video_pipeline.use_cases.open_next_run import OpenNextRun


@dataclass(frozen=True, slots=True)
class AskAgain:
    ledger: Ledger
    drops: Drops
    provider: Provider
    open_next_run: OpenNextRun
    clock: Clock

    def __call__(self, job: Job, listed: str | None = None) -> bool:
        """Say whether the job goes on; `listed` is a task of the list that fits it alone.

        Raises ProviderUnavailableError when the provider cannot be read.
        """
        for move in self._moves(job, listed):
            try:
                taken = self.ledger.commit(move)
            except TaskTakenError:
                continue
            except StaleMoveError:
                return False
            self.open_next_run.make_sure(taken)
            return True
        return False

    def _moves(self, job: Job, listed: str | None) -> Iterator[Move]:
        now = self.clock.now()
        if job.state is JobState.UNCONFIRMED:
            named = dict.fromkeys((*self.ledger.claims(job.id, job.attempt), listed))
            for task in (self.provider.read(task_id) for task_id in named if task_id):
                if isinstance(task, Task) and is_ours(job, task):
                    yield moves.submitted(job, task.id, now)
        elif self._may_hold_a_video(job):
            yield moves.taken_up(job, now, remembered(self.drops, job))

    def _may_hold_a_video(self, job: Job) -> bool:
        if job.state is not JobState.FAILED or job.charged is Charged.NO or job.task_id is None:
            return False
        task = self.provider.read(job.task_id)
        is_empty = isinstance(task, Task) and task.status is TaskStatus.COMPLETED and not task.links
        return isinstance(task, Task) and not is_empty


def remembered(drops: Drops, job: Job) -> frozenset[str]:
    """Return the job's drops that the ledger still holds; retention may have taken some."""
    return frozenset(drop_id for drop_id in job.drops if drops.drop(drop_id) is not None)
