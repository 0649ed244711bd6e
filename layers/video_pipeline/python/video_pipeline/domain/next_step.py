"""What to do next, decided in one place from job, task and time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from video_pipeline.domain import moves
from video_pipeline.domain.job import Charged, Job, JobState
from video_pipeline.domain.moves import Move
from video_pipeline.domain.policy import Policy
from video_pipeline.domain.reasons import is_worth_another_attempt, reason_of_failed_task
from video_pipeline.domain.task import Task, TaskGone, TaskStatus


@dataclass(frozen=True, slots=True)
class Submit:
    attempt: int


@dataclass(frozen=True, slots=True)
class Await:
    """Wait for a ring or the poll, unless somebody rang since `rings` was read."""

    rings: int


@dataclass(frozen=True, slots=True)
class Later:
    seconds: int


@dataclass(frozen=True, slots=True)
class ArchiveVideo:
    """Copy the video now."""


@dataclass(frozen=True, slots=True)
class Publish:
    """Tell what the ledger holds as untold."""


@dataclass(frozen=True, slots=True)
class Done:
    """Close the run, if nothing happened meanwhile."""


Step = Submit | Await | Later | ArchiveVideo | Publish | Done


def due_move(job: Job, task: Task | TaskGone | None, now: datetime, policy: Policy) -> Move | None:
    """Return the transition that is due, if one is.

    `task` is the job's own task as just read, or for an attempt whose answer was lost
    the task that a proven claim named; None when there is none or it could not be read.
    """
    match job.state:
        case JobState.ACCEPTED:
            return _due_when_accepted(job, now)
        case JobState.SUBMITTING | JobState.UNCONFIRMED:
            return _due_without_answer(job, task, now)
        case JobState.SUBMITTED:
            return _due_when_submitted(job, task, now, policy)
        case JobState.COMPLETED:
            return _due_when_completed(job, task, now, policy)
        case JobState.ARCHIVED | JobState.FAILED:
            return None


def next_step(  # noqa: PLR0911 - a table of states, one answer each
    job: Job, now: datetime, hold: timedelta | None, policy: Policy
) -> Step:
    """Return the step of a job for which no transition is due.

    `hold` is how long the account holds every submission back, None when it does not.
    """
    if job.state is JobState.COMPLETED and _is_due(job, now):
        return ArchiveVideo()
    if job.has_untold_events:
        return Publish()
    match job.state:
        case JobState.ACCEPTED:
            if hold is not None:
                return _held(job, hold, now, policy)
            return Submit(job.attempt) if _is_due(job, now) else _until(job.not_before, now, policy)
        case JobState.SUBMITTING:
            return _until(job.lease_until, now, policy)
        case JobState.SUBMITTED:
            return Await(job.rings)
        case JobState.COMPLETED:
            return _until(job.not_before, now, policy)
        case JobState.ARCHIVED | JobState.FAILED | JobState.UNCONFIRMED:
            return Done()


def later(wait: timedelta, longest: timedelta) -> Later:
    """Wait whole seconds, at least one, and look again after the longest wait at the latest."""
    seconds = min(wait, longest).total_seconds()
    return Later(max(1, int(seconds) + (seconds > int(seconds))))


def _held(job: Job, hold: timedelta, now: datetime, policy: Policy) -> Later:
    """Wait longer the longer a job has waited: thousands of held jobs turn their wheels too.

    Each waits up to a quarter more by its name, so that they do not all come back at once.
    """
    patience = min((now - job.state_since) / 4, policy.longest_hold)
    wait = max(min(hold, policy.longest_wait), patience)
    spread = crc32(job.id.encode()) / 2**32
    return later(wait * (1 + spread / 4), policy.longest_hold * 5 / 4)


def _due_when_accepted(job: Job, now: datetime) -> Move | None:
    if job.deadline is None or now < job.deadline:
        return None
    message = f"The deadline {job.deadline.isoformat()} passed before the job was paid."
    return moves.failed(job, now, reason="deadline", message=message, charged=Charged.NO)


def _due_without_answer(job: Job, claim: Task | TaskGone | None, now: datetime) -> Move | None:
    leased = job.lease_until is not None and now < job.lease_until
    if job.state is JobState.SUBMITTING and leased:
        return None
    if isinstance(claim, Task):
        return moves.submitted(job, claim.id, now)
    return moves.unconfirmed(job, now) if job.state is JobState.SUBMITTING else None


def _due_when_submitted(
    job: Job, task: Task | TaskGone | None, now: datetime, policy: Policy
) -> Move | None:
    age = now - (job.submitted_at or now)
    match task:
        case Task(status=TaskStatus.COMPLETED, links=links) if links:
            return moves.completed(job, task, now, policy)
        case Task(status=TaskStatus.COMPLETED) if age > policy.empty_after:
            return _fail(job, now, "empty_result", "The task completed without a link.", task)
        case Task(status=TaskStatus.FAILED):
            return _after_failed_task(job, task, now, policy)
        case TaskGone() if age > policy.gone_after:
            return _fail(job, now, "task_gone", f"The provider knows no task {task.id}.", None)
        case _ if age > policy.stuck_after:
            hours = int(policy.stuck_after.total_seconds() // 3600)
            return _fail(job, now, "task_stuck", f"Not finished after {hours} hours.", None)
    return None


def _after_failed_task(job: Job, task: Task, now: datetime, policy: Policy) -> Move:
    if is_worth_another_attempt(task.error_code) and job.attempt < policy.max_attempts:
        cause = f"not billed, worth another attempt: {task.error_code}"
        return moves.next_attempt(job, now, policy, cause)
    reason = reason_of_failed_task(task.error_code)
    message = f"{task.error_code}: {task.error_message}"
    return moves.failed(job, now, reason=reason, message=message, charged=Charged.NO)


def _due_when_completed(
    job: Job, task: Task | TaskGone | None, now: datetime, policy: Policy
) -> Move | None:
    surely_dead = (job.completed_at or now) + policy.link_lifetime + policy.longest_wait
    if job.not_before is not None and surely_dead < job.not_before <= now:
        trouble = job.archive_trouble or "The copy never ended."
        return moves.failed(job, now, reason="link_expired", message=trouble, charged=Charged.YES)
    if not job.risk_told and now > (job.link_expires_at or now) - policy.at_risk_before:
        return moves.at_risk(job, now)
    if isinstance(task, Task) and task.links and task.links[0] != job.link:
        return moves.refreshed(job, task, now)
    return None


def _fail(job: Job, now: datetime, reason: str, message: str, task: Task | None) -> Move:
    charged = Charged.YES if task is not None else Charged.UNKNOWN
    return moves.failed(job, now, reason=reason, message=message, charged=charged)


def _is_due(job: Job, now: datetime) -> bool:
    return job.not_before is None or job.not_before <= now


def _until(at: datetime | None, now: datetime, policy: Policy) -> Later:
    return later((at or now) - now, policy.longest_wait)
