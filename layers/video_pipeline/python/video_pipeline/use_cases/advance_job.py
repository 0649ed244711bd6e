"""The hub: read the ledger and the provider, make the one move that is due, name the next step."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from video_pipeline.domain import moves
from video_pipeline.domain.claims import is_ours
from video_pipeline.domain.drop import Drop
from video_pipeline.domain.errors import ProviderUnavailableError, StaleMoveError, TaskTakenError
from video_pipeline.domain.events import Event
from video_pipeline.domain.job import Charged, Job, JobState
from video_pipeline.domain.next_step import (
    ArchiveVideo,
    Done,
    Later,
    Publish,
    Step,
    due_move,
    later,
    next_step,
)
from video_pipeline.domain.policy import Policy
from video_pipeline.domain.task import Task, TaskGone
from video_pipeline.ports import Clock, Drops, Ledger, Provider, Runs
from video_pipeline.use_cases.hold import Hold
from video_pipeline.use_cases.open_next_run import OpenNextRun
from video_pipeline.use_cases.show_receipt import ShowReceipt

LOOKS = 5
MOST_ENTRIES = 10  # of one PutEvents call
SOON = Later(seconds=1)
UNREADABLE = Later(seconds=30)
WITHOUT_ANSWER = frozenset({JobState.SUBMITTING, JobState.UNCONFIRMED})


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the wheel; `told` and `completions` name what the last step published."""

    job_id: str
    run: int
    number: int
    told: int = 0
    completions: tuple[str, ...] = ()
    undeliverable: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The next step, with the events that it publishes."""

    step: Step
    events: tuple[Event, ...] = ()
    told: int = 0
    completions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AdvanceJob:
    ledger: Ledger
    drops: Drops
    provider: Provider
    runs: Runs
    hold: Hold
    open_next_run: OpenNextRun
    close_drop: Callable[[Drop], Drop]
    show_receipt: ShowReceipt
    policy: Policy
    clock: Clock

    def __call__(self, turn: Turn) -> Answer:
        """Decide what the wheel does next; looks again when the ledger moved meanwhile."""
        if turn.told:
            self.ledger.mark_told(turn.job_id, turn.told)
        for event_id in turn.completions:
            self.drops.mark_completion_told(event_id)
        for _ in range(LOOKS):
            answer = self._look(turn)
            if answer is not None:
                return answer
        return Answer(SOON)

    def _look(self, turn: Turn) -> Answer | None:
        job = self.ledger.job(turn.job_id)
        if job is None or not self._is_open(job, turn):
            return Answer(Done())
        if turn.number >= self.policy.max_turns:
            self.open_next_run(job)
            return Answer(Done())
        try:
            job = self._moved(job, undeliverable=turn.undeliverable)
        except ProviderUnavailableError:
            return Answer(UNREADABLE)
        return None if job is None else self._answer(job)

    def _is_open(self, job: Job, turn: Turn) -> bool:
        """Say whether this run may act; an open later one is started, should nobody have."""
        if job.open_run is not None and job.open_run > turn.run:
            self.runs.start(job.id, job.open_run)
        return job.open_run == turn.run

    def _moved(self, job: Job, *, undeliverable: bool) -> Job | None:
        """Make the transition that is due; None when the ledger has to be read again."""
        if undeliverable and job.state is JobState.ACCEPTED:
            return self._commit(_undeliverable(job, self.clock.now()))
        for task in self._tasks(job):
            move = due_move(job, task, self.clock.now(), self.policy)
            try:
                if move is not None:
                    return self._commit(move)
            except TaskTakenError:
                continue  # a claim on somebody else's task
        return job

    def _commit(self, move: moves.Move) -> Job | None:
        try:
            job = self.ledger.commit(move)
        except StaleMoveError:
            return None
        if job.state is not move.before.state:
            for drop in self._drops_of(job):
                self.show_receipt(drop, job.state_since)
        return job

    def _tasks(self, job: Job) -> Iterator[Task | TaskGone | None]:
        """Yield what the provider knows of the job: its task, or each proven claim, or nothing.

        Raises ProviderUnavailableError where a verdict would hang on a read that failed.
        """
        if job.state is JobState.SUBMITTED and job.task_id is not None:
            yield self.provider.read(job.task_id)
        elif job.state is JobState.COMPLETED and job.archive_tries > 0:
            yield self._fresh_link(job)
        elif job.state in WITHOUT_ANSWER and not self._is_leased(job):
            yield from self._proven_claims(job)
            yield None
        else:
            yield None

    def _fresh_link(self, job: Job) -> Task | TaskGone | None:
        try:
            return self.provider.read(job.task_id or "")
        except ProviderUnavailableError:
            return None  # the link that we have may still be good

    def _proven_claims(self, job: Job) -> Iterator[Task]:
        unreadable = False
        for claim in self.ledger.claims(job.id, job.attempt):
            task = self.provider.read(claim)
            if isinstance(task, Task) and is_ours(job, task):
                yield task
            unreadable |= isinstance(task, TaskGone)
        if unreadable and self._may_still_appear(job):
            raise ProviderUnavailableError("A claimed task cannot be read yet.")

    def _may_still_appear(self, job: Job) -> bool:
        """Say whether a task of this attempt is so young that "no such task" proves nothing."""
        called = job.called_at
        return called is not None and self.clock.now() < called + self.policy.gone_after

    def _is_leased(self, job: Job) -> bool:
        leased = job.lease_until is not None and self.clock.now() < job.lease_until
        return job.state is JobState.SUBMITTING and leased

    def _answer(self, job: Job) -> Answer | None:
        now = self.clock.now()
        hold = self.hold.left() if job.state is JobState.ACCEPTED else None
        step = next_step(job, now, hold, self.policy)
        match step:
            case ArchiveVideo():
                counted = self._commit(moves.archive_tried(job, now, self.policy))
                return None if counted is None else Answer(step)
            case Publish():
                events = self.ledger.untold_events(job)
                return Answer(step, events, told=events[-1].sequence) if events else None
            case Done():
                return self._finish(job, now)
        return Answer(step)

    def _finish(self, job: Job, now: datetime) -> Answer | None:
        """Close what the job's end completes, show it, then close the run."""
        drops = [self.close_drop(drop) if drop.can_close else drop for drop in self._drops_of(job)]
        waits = [self.show_receipt.at_the_end_of(job, drop) for drop in drops]
        untold = (drop.completion for drop in drops if not drop.told)
        ended = tuple(islice((event for event in untold if event is not None), MOST_ENTRIES))
        if ended:
            return Answer(Publish(), ended, completions=tuple(event.id for event in ended))
        longest = max((wait for wait in waits if wait is not None), default=None)
        if longest is not None:
            return Answer(later(longest, self.policy.longest_wait))
        return Answer(Done()) if self.ledger.close_run(job, now) else None

    def _drops_of(self, job: Job) -> Iterator[Drop]:
        for drop_id in sorted(job.drops):
            drop = self.drops.drop(drop_id)
            if drop is not None:
                yield drop


def _undeliverable(job: Job, now: datetime) -> moves.Move:
    message = "The job's worker failed every time that it was handed the job."
    return moves.failed(job, now, reason="undeliverable", message=message, charged=Charged.NO)
