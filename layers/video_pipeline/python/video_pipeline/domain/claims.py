"""A claim is what a callback says; it is believed only after an authenticated read."""

from datetime import timedelta

from video_pipeline.domain.job import Job
from video_pipeline.domain.request import MODEL
from video_pipeline.domain.task import Task

CLOCK_TOLERANCE = timedelta(seconds=60)


def is_ours(job: Job, task: Task) -> bool:
    """Say whether a task can be the one that this attempt's lost call created.

    That no other attempt owns it is the ledger's condition when the claim is taken.
    """
    if job.called_at is None or task.model != MODEL:
        return False
    earliest = (job.called_at - CLOCK_TOLERANCE).timestamp()
    fits = task.video_seconds in {None, job.request.duration}
    return fits and task.created >= earliest
