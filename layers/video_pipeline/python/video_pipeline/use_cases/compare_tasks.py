"""Hold the ledger against the provider's list of tasks, and both against the archive."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from video_pipeline.domain.claims import SETTLED, is_settled, sole_matches
from video_pipeline.domain.discrepancy import Discrepancy, Kind
from video_pipeline.domain.errors import ProviderUnavailableError
from video_pipeline.domain.job import Charged, Job, JobState
from video_pipeline.domain.policy import Policy
from video_pipeline.domain.request import MODEL
from video_pipeline.domain.task import ListedTask, TaskStatus
from video_pipeline.ports import ArchivedObjects, Clock, Ledger, Provider
from video_pipeline.use_cases.ask_again import AskAgain

LOOK_BACK = timedelta(hours=48)
WAITING = (JobState.SUBMITTING, JobState.UNCONFIRMED)


@dataclass(frozen=True, slots=True)
class CompareTasks:
    ledger: Ledger
    provider: Provider
    archived: ArchivedObjects
    ask_again: AskAgain
    policy: Policy
    clock: Clock

    def __call__(self) -> Iterator[Discrepancy]:
        """Yield every disagreement; what can be mended without paying is."""
        try:
            listed = self._listed()
        except ProviderUnavailableError as error:
            yield Discrepancy(Kind.UNREADABLE_LIST, str(error))
            listed = ()
        owners = self.ledger.owners([task.id for task in listed])
        unowned = [task for task in listed if task.id not in owners]
        yield from self._without_owner(unowned)
        for task in listed:
            if task.id in owners and task.status is TaskStatus.COMPLETED:
                yield from self._finished(owners[task.id], task)
        yield from self._slow_archives()

    def of(self, job: Job) -> bool:
        """Say whether one job at rest goes on with a task that the provider holds."""
        listed: str | None = None
        if job.state is JobState.UNCONFIRMED:
            tasks = self._listed()
            owners = self.ledger.owners([task.id for task in tasks])
            unowned = [task for task in tasks if task.id not in owners]
            listed = self._matches(self._waiting(), unowned).get(job.id)
        return self.ask_again(job, listed)

    def _listed(self) -> tuple[ListedTask, ...]:
        listed = self.provider.listed(self.clock.now() - LOOK_BACK)
        return tuple(task for task in listed if task.model == MODEL)

    def _waiting(self) -> tuple[Job, ...]:
        """Read after the list: whatever created a listed task is at least `submitting` by now."""
        return tuple(self.ledger.unfinished(self.clock.now(), WAITING))

    def _matches(self, waiting: Sequence[Job], unowned: Sequence[ListedTask]) -> dict[str, str]:
        now = self.clock.now()
        settled = {job.id for job in waiting if is_settled(job, now)}
        found = sole_matches(waiting, unowned)
        return {job_id: task_id for job_id, task_id in found.items() if job_id in settled}

    def _without_owner(self, unowned: Sequence[ListedTask]) -> Iterator[Discrepancy]:
        waiting = self._waiting()
        matches = self._matches(waiting, unowned)
        adopted = set()
        for job in waiting:
            if job.state is JobState.UNCONFIRMED:
                task_id = matches.get(job.id)
                goes_on = self._asked(job, task_id)
                adopted |= {task_id} if goes_on else set()
                message = f"{job.name} of {job.manifest_key}: " + (
                    "its task was found." if goes_on else "nobody knows whether it was paid."
                )
                yield Discrepancy(Kind.UNCONFIRMED_JOB, message, job.id, task_id, repaired=goes_on)
        young = (self.clock.now() - SETTLED).timestamp()
        for task in unowned:
            if task.id not in adopted and task.created < young:
                message = "No job of this stack owns it; somebody else may use the account."
                yield Discrepancy(Kind.TASK_WITHOUT_JOB, message, task_id=task.id)

    def _asked(self, job: Job, listed: str | None = None) -> bool:
        try:
            return self.ask_again(job, listed)
        except ProviderUnavailableError:
            return False

    def _finished(self, owner: str, task: ListedTask) -> Iterator[Discrepancy]:
        job = self.ledger.job(owner.partition("#")[0])
        if job is None or job.task_id != task.id:
            return
        if job.state is JobState.FAILED and job.charged is not Charged.NO:
            dead = task.created + self.policy.link_lifetime.total_seconds()
            alive = self.clock.now().timestamp() < dead
            repaired = alive and self._asked(job)
            message = f"The provider finished it, and the job failed ({job.reason})."
            yield _of_video(Kind.UNARCHIVED_VIDEO, job, message, repaired=repaired)
        elif job.video is not None and not self.archived.has(job.video.key):
            message = f"s3://{job.video.bucket}/{job.video.key} is gone from the archive."
            yield _of_video(Kind.LOST_OBJECT, job, message)

    def _slow_archives(self) -> Iterator[Discrepancy]:
        late = self.clock.now() - self.policy.empty_after
        for job in self.ledger.unfinished(late, (JobState.COMPLETED,)):
            message = f"Its copy does not succeed: {job.archive_trouble or 'no try has ended'}."
            yield _of_video(Kind.UNARCHIVED_VIDEO, job, message)


def _of_video(kind: Kind, job: Job, message: str, *, repaired: bool = False) -> Discrepancy:
    return replace(Discrepancy(kind, message, job.id, job.task_id), repaired=repaired)
