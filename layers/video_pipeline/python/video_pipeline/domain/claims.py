"""A claim is what a callback says; it is believed only after an authenticated read."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from video_pipeline.domain.job import Job
from video_pipeline.domain.request import MODEL
from video_pipeline.domain.task import ListedTask, Task

CLOCK_TOLERANCE = timedelta(seconds=60)
SETTLED = timedelta(minutes=10)
"""So long after a lease every call of that time has been noted by its worker."""


def is_ours(job: Job, task: Task) -> bool:
    """Say whether a task can be the one that this attempt's lost call created.

    That no other attempt owns it is the ledger's condition when the claim is taken.
    """
    if job.called_at is None or task.model != MODEL:
        return False
    earliest = (job.called_at - CLOCK_TOLERANCE).timestamp()
    fits = task.video_seconds in {None, job.request.duration}
    return fits and task.created >= earliest


def may_be_of(job: Job, task: ListedTask) -> bool:
    """Say whether a listed task was created while this attempt's call was under way."""
    if job.called_at is None or job.lease_until is None or task.model != MODEL:
        return False
    first = (job.called_at - CLOCK_TOLERANCE).timestamp()
    last = (job.lease_until + CLOCK_TOLERANCE).timestamp()
    return first <= task.created <= last


def sole_matches(jobs: Sequence[Job], tasks: Sequence[ListedTask]) -> dict[str, str]:
    """Return the task of each job that fits one task alone, which fits no other job.

    The list says too little to tell two candidates apart, so two are as good as none.
    """
    pairs = [(job.id, task.id) for task in tasks for job in jobs if may_be_of(job, task)]
    of_jobs, of_tasks = (Counter(pair[side] for pair in pairs) for side in (0, 1))
    return {job: task for job, task in pairs if of_jobs[job] == 1 == of_tasks[task]}


def is_settled(job: Job, now: datetime) -> bool:
    """Say whether the list may be believed about this attempt by now."""
    return job.lease_until is not None and job.lease_until + SETTLED < now
