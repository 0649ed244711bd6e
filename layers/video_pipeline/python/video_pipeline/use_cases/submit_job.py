"""Make the one paid call of an attempt: promise it, make it, note what came of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from video_pipeline.domain import moves
from video_pipeline.domain.answers import (
    AccountRefused,
    CreateAnswer,
    Created,
    NotSent,
    Refused,
    Unknown,
)
from video_pipeline.domain.capability import grant
from video_pipeline.domain.control import Control
from video_pipeline.domain.credits import to_credits
from video_pipeline.domain.errors import (
    CapReachedError,
    JobBusyError,
    StaleMoveError,
    TaskTakenError,
)
from video_pipeline.domain.identity import idempotency_key
from video_pipeline.domain.job import Charged, Job, JobState
from video_pipeline.domain.media_verdict import due_for_media
from video_pipeline.domain.moves import Move
from video_pipeline.domain.policy import Policy
from video_pipeline.domain.prices import PriceList
from video_pipeline.domain.reasons import MODERATION_CODES
from video_pipeline.domain.request import MODEL, REFERENCE_LISTS, VideoRequest
from video_pipeline.ports import Checked, Clock, Ledger, Provider, References, Runs
from video_pipeline.use_cases.hold import Hold
from video_pipeline.use_cases.open_next_run import OpenNextRun

ROOM_TO_WRITE = timedelta(seconds=5)
CLOCK_SKEW = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Order:
    """One message of the jobs queue; the token wakes the run that sent it."""

    job_id: str
    attempt: int
    token: str

    @classmethod
    def read(cls, message: str) -> "Order":
        """Read what the state SubmitJob sent; raises ValueError, KeyError or TypeError."""
        body = json.loads(message)
        return cls(body["job_id"], int(body["attempt"]), body["token"])


@dataclass(frozen=True, slots=True)
class CallSettings:
    """How the paid call is made; `limit` is its own total time."""

    limit: timedelta
    callback_base_url: str
    callback_key: Callable[[], str]
    new_call_id: Callable[[], str]


@dataclass(frozen=True, slots=True)
class SubmitJob:
    ledger: Ledger
    provider: Provider
    references: References
    runs: Runs
    hold: Hold
    open_next_run: OpenNextRun
    prices: PriceList
    policy: Policy
    clock: Clock
    call: CallSettings

    def __call__(self, order: Order, time_left: Callable[[], timedelta]) -> Job | None:
        """Take one order as far as the ledger allows, then wake its run.

        Raises JobBusyError while another worker may still be alive with this attempt,
        or when too little time is left to make the call and note its answer.
        """
        job, control = self.ledger.job_and_control(order.job_id)
        if job is not None and job.attempt == order.attempt:
            job = self._take_on(job, control, time_left)
        self._let_go(order, job)
        return job

    def _take_on(self, job: Job, control: Control, time_left: Callable[[], timedelta]) -> Job:
        now = self.clock.now()
        if job.state is JobState.SUBMITTING and job.lease_until and now < job.lease_until:
            raise JobBusyError(f"Job {job.id} is being submitted until {job.lease_until}.")
        if job.state is not JobState.ACCEPTED or not self._may_go(job, control, now):
            return job
        checked = self.references.check(job.request)
        due = due_for_media(job, checked.problems, checked.missing, now, self.policy)
        if due is not None:
            return self._commit_or_reread(due)
        return self._pay(job, time_left, checked)

    def _may_go(self, job: Job, control: Control, now: datetime) -> bool:
        """Say whether nothing holds the job back; what does is for the hub to handle."""
        early = job.not_before is not None and job.not_before > now
        late = job.deadline is not None and job.deadline <= now
        return not (early or late) and self.hold.left(control) is None

    def _pay(self, job: Job, time_left: Callable[[], timedelta], checked: Checked) -> Job:
        body = self._body(job)
        left = time_left()
        if left < self.call.limit + ROOM_TO_WRITE:
            raise JobBusyError(f"Only {left} left for job {job.id}; another invocation has more.")
        now = self.clock.now()
        estimate = self.prices.estimate(job.request, _seconds(checked))
        promise = moves.submitting(
            job,
            call_id=self.call.new_call_id(),
            now=now,
            lease_until=now + left + CLOCK_SKEW,
            estimate=estimate,
            references=checked.references,
        )
        try:
            job = self.ledger.commit(promise)
        except CapReachedError as cap:
            return self._commit_or_reread(_over_cap(job, estimate, now, str(cap)))
        except StaleMoveError:
            return self.ledger.job(job.id) or job  # another worker has it now
        answer = self.provider.create(body, idempotency_key=idempotency_key(job.id, job.attempt))
        return self._note(job, answer)

    def _body(self, job: Job) -> dict[str, object]:
        capability = grant(self.call.callback_key(), job.id, job.attempt)
        callback_url = self.call.callback_base_url.rstrip("/") + capability.path
        linked = self.references.as_links(job.request)
        return {**_fields(linked), "model": MODEL, "callback_url": callback_url}

    def _note(self, job: Job, answer: CreateAnswer) -> Job:
        """Write what the answer proves, as long as this worker's call is the job's own.

        A failed condition is read again and never repeated:
        without the call id, a late write could undo the next worker's promise.
        """
        current = job
        while current.call_id == job.call_id and _may_note(current, answer):
            try:
                current = self.ledger.commit(self._proven(current, answer), in_its_run=True)
            except StaleMoveError:
                current = self.ledger.job(job.id) or job
            except TaskTakenError:
                answer = Unknown("The provider named a task that belongs to another attempt.")
        if isinstance(answer, AccountRefused):
            self.hold.because_of(answer, job.estimate)
        return current

    def _proven(self, job: Job, answer: CreateAnswer) -> Move:
        now = self.clock.now()
        match answer:
            case Created():
                return moves.submitted(job, answer.task_id, now)
            case Refused():
                reason = "moderation" if answer.code in MODERATION_CODES else "refused"
                message = f"{answer.status} {answer.code}: {answer.message}"
                return moves.failed(job, now, reason=reason, message=message, charged=Charged.NO)
            case AccountRefused():
                return moves.sent_back(job, now, now, f"{answer.status} {answer.code}")
            case NotSent():
                return moves.sent_back(
                    job, now, now + self.policy.retry_wait, f"not sent: {answer.message}"
                )
            case Unknown():
                return moves.unconfirmed(job, now)

    def _commit_or_reread(self, move: Move) -> Job:
        try:
            return self.ledger.commit(move, in_its_run=True)
        except StaleMoveError:
            return self.ledger.job(move.before.id) or move.before

    def _let_go(self, order: Order, job: Job | None) -> None:
        """Wake the run that waits, or start the next if the job goes on without one.

        `job` shows the run that was open when it was last read or moved, which is enough:
        a run closes only on the job that it saw, so whatever came later it will see.
        """
        if job is not None and job.open_run is None and job.needs_run:
            self.open_next_run(job)
        self.runs.answer(order.token)


def _seconds(checked: Checked) -> Decimal | None:
    measured = checked.input_seconds
    return None if measured is None else Decimal(str(round(measured, 3)))


def _may_note(job: Job, answer: CreateAnswer) -> bool:
    """Say whether an answer still tells the ledger something that it does not know."""
    if job.state is JobState.UNCONFIRMED:
        return not isinstance(answer, Unknown)
    return job.state is JobState.SUBMITTING


def _fields(request: VideoRequest) -> dict[str, object]:
    """Return the provider's own fields; an empty list of references is left out."""
    fields: dict[str, object] = {
        "prompt": request.prompt,
        "duration": request.duration,
        "quality": request.quality,
        "aspect_ratio": request.aspect_ratio,
        "generate_audio": request.generate_audio,
        "content_filter": request.content_filter,
    }
    lists = {name: list(getattr(request, name)) for name in REFERENCE_LISTS}
    return {**fields, **{name: links for name, links in lists.items() if links}}


def _over_cap(job: Job, estimate: int, now: datetime, cap: str) -> Move:
    message = f"Reserving {to_credits(estimate):g} credits would exceed {cap}."
    return moves.failed(job, now, reason="credit_cap", message=message, charged=Charged.NO)
