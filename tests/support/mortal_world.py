"""A pipeline in one process whose functions can be killed before or after any call to AWS."""

from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from tests.support.world import CALLBACK_KEY, TABLE, World
from video_pipeline.adapters.ledger import items
from video_pipeline.domain.answers import CreateAnswer, Unknown
from video_pipeline.domain.capability import grant
from video_pipeline.domain.drop import Drop
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

    def mortal(self, doom: int | None, *, after: bool, act: Any) -> bool:
        """Let a function act until it ends or dies; say whether it died."""
        self.doom, self.after = doom, after
        try:
            act()
        except KilledError:
            return True
        finally:
            self.doom = None
        return False

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
        days = [row for row in self._rows().values() if row["sk"] == {"S": "CREDITS"}]
        reserved = sum(int(day["reserved"]["N"]) for day in days)
        return reserved, sum(int(day["charged"]["N"]) for day in days)

    def ids_of(self, kind: str) -> list[str]:
        """Name all that there are of a kind of row."""
        return sorted(row["id"]["S"] for row in self._rows().values() if row["sk"] == {"S": kind})

    def stored_job(self, job_id: str) -> Job:
        return items.job_of(self._row(items.job_key(job_id)))

    def stored_drop(self, drop_id: str) -> Drop:
        return items.drop_of(self._row(items.drop_key(drop_id)))

    def _row(self, key: items.Item) -> items.Item:
        return self._rows()[key["pk"]["S"], key["sk"]["S"]]

    def _rows(self) -> dict[tuple[str, str], items.Item]:
        """Return the table as moto keeps it: the judge looks often, and moto answers slowly."""
        table = dynamodb_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].tables[TABLE]
        stored = [item.to_json()["Attributes"] for item in table.all_items()]
        return {(row["pk"]["S"], row["sk"]["S"]): row for row in stored}
