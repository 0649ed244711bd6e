"""Take up again what had come to rest, never where that could pay twice, unless forced by name."""

from collections.abc import Callable
from dataclasses import dataclass

from video_pipeline.domain.errors import StaleMoveError
from video_pipeline.domain.job import RESTS, Charged, Job
from video_pipeline.domain.redrive import Wish, redriven
from video_pipeline.ports import Clock, Drops, Ledger
from video_pipeline.use_cases.ask_again import remembered
from video_pipeline.use_cases.open_next_run import OpenNextRun
from video_pipeline.use_cases.show_receipt import ShowReceipt

TRIES = 5


@dataclass(frozen=True, slots=True)
class Redriven:
    """What became of one job; `refusal` says why it stays as it is."""

    job: Job
    refusal: str | None = None

    @property
    def told(self) -> str:
        if self.refusal is not None:
            return self.refusal
        if self.job.task_id is not None:
            return f"Task {self.job.task_id} is followed again; nothing is paid."
        return f"Attempt {self.job.attempt} begins."


@dataclass(frozen=True, slots=True)
class Redrive:
    """`ask_again` looks for the task of a job by id; true when the job goes on with it."""

    ledger: Ledger
    drops: Drops
    open_next_run: OpenNextRun
    show_receipt: ShowReceipt
    clock: Clock
    ask_again: Callable[[str], bool]

    def __call__(self, job: Job, wish: Wish) -> Redriven:
        """Begin the next attempt of a job, or follow the task that it may have been charged for."""
        may_hold_a_task = job.state in RESTS and job.charged in {Charged.UNKNOWN, Charged.YES}
        if may_hold_a_task and job.id not in wish.forced and job.video is None:
            if self.ask_again(job.id):
                return Redriven(self.ledger.job(job.id) or job)
            job = self.ledger.job(job.id) or job
        return self._next_attempt(job, wish)

    def _next_attempt(self, job: Job, wish: Wish) -> Redriven:
        for _ in range(TRIES):
            move = redriven(job, remembered(self.drops, job), wish, self.clock.now())
            if isinstance(move, str):
                self.make_sure_of_a_run(job)
                return Redriven(job, move)
            try:
                return self._going(self.ledger.commit(move))
            except StaleMoveError:
                job = self.ledger.job(job.id) or job
        return Redriven(job, "It is being moved again and again; try once more.")

    def _going(self, job: Job) -> Redriven:
        self.open_next_run.make_sure(job)
        for drop_id in sorted(job.drops):
            drop = self.drops.drop(drop_id)
            if drop is not None:
                self.show_receipt(drop, job.state_since)
        return Redriven(job)

    def make_sure_of_a_run(self, job: Job) -> None:
        if job.state not in RESTS and job.open_run is None:
            self.open_next_run(job)
