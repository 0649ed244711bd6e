"""A pipeline in one process whose functions can be killed before or after any call to AWS."""

from typing import Any

from tests.support.world import CALLBACK_KEY, TABLE, World
from video_pipeline.domain.answers import CreateAnswer, Unknown
from video_pipeline.domain.capability import grant
from video_pipeline.domain.job import Job
from video_pipeline.domain.policy import Policy
from video_pipeline.domain.task import TaskStatus


class KilledError(BaseException):
    """The function's process is gone; no product code may catch it."""


class MortalWorld(World):
    """`doom` is how many calls to AWS a function still makes before it dies, or in the next one.

    A killed call that was made has had its effect, and nobody learns of it.
    """

    def __init__(self) -> None:
        super().__init__(policy=Policy(max_attempts=2))
        self.doom: int | None = None
        self.after = False
        for client in (self.dynamodb, self.s3):
            client.meta.events.register("before-call", self._before)
            client.meta.events.register("after-call", self._after)

    def mortal(self, doom: int | None, *, after: bool, act: Any) -> None:
        """Let a function act until it ends or dies."""
        self.doom, self.after = doom, after
        try:
            act()
        except KilledError:
            pass
        finally:
            self.doom = None

    def _before(self, **_: object) -> None:
        if self.doom is not None:
            self.doom -= 1
            if self.doom < 0 and not self.after:
                raise KilledError

    def _after(self, **_: object) -> None:
        if self.doom is not None and self.doom < 0:
            raise KilledError

    def lose_an_answer(self, *, bought: bool) -> None:
        def lost(task_id: str) -> CreateAnswer:
            if bought:
                self.provider.bought(task_id)
            return Unknown("timed out")

        self.provider.answers.append(lost)

    def tasks_of(self, job: Job) -> dict[int, list[str]]:
        """Return what was bought for a job, by attempt, out of the provider's books."""
        bought: dict[int, list[str]] = {}
        for number, key in enumerate(self.provider.keys, start=1):
            job_id, _, attempt = key.rpartition("-")
            task_id = f"task-unified-{number}"
            if job_id == job.id and task_id in self.provider.tasks:
                bought.setdefault(int(attempt), []).append(task_id)
        return bought

    def ring(self, job: Job) -> None:
        """Call back for the newest task of a job, as the provider does."""
        for attempt, tasks in sorted(self.tasks_of(job).items())[-1:]:
            body = f'{{"id": "{tasks[-1]}"}}'
            self.receive_callback(grant(CALLBACK_KEY, job.id, attempt), body)

    def end_tasks(self, *, well: bool) -> None:
        running = [t for t in self.provider.tasks.values() if t.status is TaskStatus.RUNNING]
        for task in running:
            if well:
                self.provider.finish(task.id)
            else:
                self.provider.fail("service_error", task.id)

    def all_credits(self) -> tuple[int, int]:
        """Return what all days together have reserved and charged, in units."""
        rows = self.dynamodb.scan(
            TableName=TABLE,
            FilterExpression="sk = :credits",
            ExpressionAttributeValues={":credits": {"S": "CREDITS"}},
        )["Items"]
        reserved = sum(int(row["reserved"]["N"]) for row in rows)
        return reserved, sum(int(row["charged"]["N"]) for row in rows)
