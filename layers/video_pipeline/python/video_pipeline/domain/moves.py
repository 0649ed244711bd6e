"""Every transition of a job, and all that must happen in the same write.

A move is a job before and a job after: the ledger writes the difference in one transaction,
with the reservation, settlement or release, the manifest's counter, the task's owner
and the event that follow from it, on the condition that the job is still the one before.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from video_pipeline.domain.events import Event, job_event, stamp
from video_pipeline.domain.job import LONGEST_TRAIL, ArchivedVideo, Charged, Job, JobState, Moment
from video_pipeline.domain.media import Reference
from video_pipeline.domain.policy import Policy
from video_pipeline.domain.task import Task

ACCEPTED, SUBMITTING, SUBMITTED = JobState.ACCEPTED, JobState.SUBMITTING, JobState.SUBMITTED
COMPLETED, ARCHIVED = JobState.COMPLETED, JobState.ARCHIVED
FAILED, UNCONFIRMED = JobState.FAILED, JobState.UNCONFIRMED

TRANSITIONS: dict[JobState, frozenset[JobState]] = {
    ACCEPTED: frozenset({ACCEPTED, SUBMITTING, FAILED}),
    SUBMITTING: frozenset({SUBMITTED, ACCEPTED, FAILED, UNCONFIRMED}),
    SUBMITTED: frozenset({COMPLETED, ACCEPTED, FAILED}),
    COMPLETED: frozenset({COMPLETED, ARCHIVED, FAILED}),
    UNCONFIRMED: frozenset({SUBMITTED, ACCEPTED, FAILED}),
    ARCHIVED: frozenset(),
    FAILED: frozenset({ACCEPTED, SUBMITTED}),
}
"""From where to where.

ACCEPTED to itself waits for a reference; COMPLETED to itself notes an archive try, a fresh link
or a warning. Out of FAILED, and out of UNCONFIRMED by force, leads a redrive alone.
"""


MOST_DOUBLINGS = 10  # of a wait, which is bounded anyway


@dataclass(frozen=True, slots=True)
class Move:
    """One transition; `rings` tells the hub to look again, in the same write."""

    before: Job
    after: Job
    event: Event | None = None
    rings: bool = False

    def __post_init__(self) -> None:
        if self.after.state not in TRANSITIONS[self.before.state]:
            raise ValueError(f"no way from {self.before.state} to {self.after.state}")


def submitting(  # noqa: PLR0913 - all that a paid call is promised with
    job: Job,
    *,
    call_id: str,
    now: datetime,
    lease_until: datetime,
    estimate: int,
    references: tuple[Reference, ...] = (),
) -> Move:
    """Promise the one paid call before it is made, together with its reservation."""
    return _move(
        job,
        now,
        "the paid call begins",
        state=SUBMITTING,
        call_id=call_id,
        called_at=now,
        lease_until=lease_until,
        not_before=None,
        waiting_since=None,
        references=references,
        reserved=estimate,
        estimate=estimate,
        reserved_day=now.date().isoformat(),
    )


def postponed(job: Job, now: datetime, not_before: datetime, cause: str) -> Move:
    """Wait for a reference that is not there yet, and remember since when."""
    waiting_since = job.waiting_since or now
    return _move(job, now, cause, not_before=not_before, waiting_since=waiting_since)


def submitted(job: Job, task_id: str, now: datetime) -> Move:
    """Note the task, named by our own answer or by a proven claim.

    Coming out of `unconfirmed` counts as a ring, because a run may be ending right now.
    """
    return _move(
        job,
        now,
        f"the provider holds task {task_id}",
        tell="Video Submitted",
        rings=job.state is UNCONFIRMED,
        state=SUBMITTED,
        task_id=task_id,
        submitted_at=now,
        reason=None,
        message=None,
        charged=None,
    )


def sent_back(job: Job, now: datetime, not_before: datetime, cause: str) -> Move:
    """Return an attempt that provably bought nothing, and release what it had reserved."""
    return _move(
        job,
        now,
        cause,
        rings=job.state is UNCONFIRMED,
        state=ACCEPTED,
        not_before=not_before,
        call_id=None,
        lease_until=None,
        reserved=0,
        reason=None,
        message=None,
        charged=None,
    )


def unconfirmed(job: Job, now: datetime) -> Move:
    """Say that nobody knows whether the call was paid; the reservation stays."""
    return _move(
        job,
        now,
        "the answer of the paid call was lost",
        tell="Video Unconfirmed",
        state=UNCONFIRMED,
        counted=True,
        reason="unconfirmed",
        message="The answer of the paid call was lost.",
        charged=Charged.UNKNOWN,
    )


def next_attempt(job: Job, now: datetime, policy: Policy, cause: str) -> Move:
    """Begin the next attempt, the failed one being known as unbilled; its reservation goes."""
    return _move(
        job,
        now,
        cause,
        state=ACCEPTED,
        attempt=job.attempt + 1,
        not_before=now + policy.retry_wait * 2 ** min(job.attempt - 1, MOST_DOUBLINGS),
        call_id=None,
        lease_until=None,
        task_id=None,
        submitted_at=None,
        reserved=0,
    )


def reopened(job: Job, now: datetime, drops: frozenset[str], deadline: datetime | None) -> Move:
    """Begin the next attempt of a job at rest, which counts as open again for its drops.

    What it was charged, or may have been, stays charged to the day that had reserved it.
    """
    spent = (job.charge or 0) + job.reserved
    return _move(
        job,
        now,
        "redriven: the next attempt begins",
        state=ACCEPTED,
        attempt=job.attempt + 1,
        drops=drops,
        deadline=deadline,
        waiting_since=None,
        call_id=None,
        called_at=None,
        lease_until=None,
        task_id=None,
        reserved=0,
        estimate=None,
        charge=spent or None,
        spent=spent,
        **_AS_BEFORE_THE_TASK,
        **_NOT_ENDED,
    )


def taken_up(job: Job, now: datetime, drops: frozenset[str]) -> Move:
    """Follow the task of a failed job once more; nothing is paid, its charge is open again."""
    return _move(
        job,
        now,
        f"taken up again: the provider still holds task {job.task_id}",
        tell="Video Submitted",
        state=SUBMITTED,
        drops=drops,
        reserved=(job.charge or 0) - job.spent,
        charge=job.spent or None,
        **{**_AS_BEFORE_THE_TASK, "submitted_at": now},
        **_NOT_ENDED,
    )


_AS_BEFORE_THE_TASK: dict[str, Any] = {
    "not_before": None,
    "submitted_at": None,
    "completed_at": None,
    "link": None,
    "link_expires_at": None,
    "risk_told": False,
    "archive_tries": 0,
    "archive_trouble": None,
    "provider_charge": None,
}
_NOT_ENDED: dict[str, Any] = {"counted": False, "reason": None, "message": None, "charged": None}


def completed(job: Job, task: Task, now: datetime, policy: Policy) -> Move:
    """Note the link and its end, counted from the earliest instant it can have been made."""
    return _move(
        job,
        now,
        "the provider finished the video",
        state=COMPLETED,
        completed_at=now,
        link=task.links[0],
        link_expires_at=(job.called_at or now) + policy.link_lifetime,
        provider_charge=task.charged,
        task_created=task.created or None,
        task_seconds=task.video_seconds,
        not_before=None,
    )


def refreshed(job: Job, task: Task, now: datetime) -> Move:
    """Take the link that the provider names now."""
    return _move(job, now, "the provider named a fresh link", link=task.links[0])


def archive_tried(job: Job, now: datetime, policy: Policy) -> Move:
    """Count a try before it is made, so that a crash counts as well."""
    tries = job.archive_tries + 1
    wait = min(
        policy.archive_wait * 2 ** min(job.archive_tries, MOST_DOUBLINGS), policy.longest_wait
    )
    return _move(job, now, f"copy {tries} begins", archive_tries=tries, not_before=now + wait)


def archive_troubled(job: Job, trouble: str, now: datetime) -> Move:
    """Keep what went wrong with a try, for people who ask."""
    return _move(job, now, f"the copy failed: {trouble}", archive_trouble=trouble)


def at_risk(job: Job, now: datetime) -> Move:
    """Warn once that the link nears its end."""
    return _move(job, now, "the link nears its end", tell="Link At Risk", risk_told=True)


def archived(job: Job, video: ArchivedVideo, now: datetime) -> Move:
    """End well: settle with the provider's figure, or the estimate when it told none."""
    return _end(job, now, "Video Archived", ARCHIVED, "archived", "", Charged.YES, video=video)


def failed(job: Job, now: datetime, *, reason: str, message: str, charged: Charged) -> Move:
    """End badly: release what was not charged, settle what was or may have been."""
    return _end(job, now, "Video Failed", FAILED, reason, message, charged)


def _end(  # noqa: PLR0913 - one place where every end is made
    job: Job,
    now: datetime,
    tell: str,
    state: JobState,
    reason: str,
    message: str,
    charged: Charged,
    **more: Any,  # noqa: ANN401 - fields of Job
) -> Move:
    owed = job.provider_charge if job.provider_charge is not None else job.reserved
    if charged is Charged.NO:
        owed, charged = 0, Charged.UNKNOWN if job.spent else charged
    return _move(
        job,
        now,
        message or reason,
        tell=tell,
        state=state,
        counted=True,
        reserved=0,
        charge=job.spent + owed,
        reason=reason,
        message=message or None,
        charged=charged,
        **more,
    )


def _move(
    job: Job,
    now: datetime,
    cause: str,
    *,
    tell: str | None = None,
    rings: bool = False,
    **changes: Any,  # noqa: ANN401 - fields of Job, checked by replace
) -> Move:
    after = replace(job, revision=job.revision + 1, **changes)
    if after.state is not job.state:
        after = replace(after, state_since=now)
    moment = Moment(stamp(now), after.state.value, after.attempt, cause)
    after = replace(after, trail=(*job.trail, moment)[-LONGEST_TRAIL:])
    if tell is None:
        return Move(job, after, rings=rings)
    event = job_event(tell, after, now)
    return Move(job, replace(after, sequence=event.sequence), event, rings)
