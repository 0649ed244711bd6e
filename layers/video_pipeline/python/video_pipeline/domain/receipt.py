"""The file that tells a user with S3 access alone what became of a manifest."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from video_pipeline.domain.credits import to_credits
from video_pipeline.domain.drop import Drop, DropState
from video_pipeline.domain.job import Job, JobState
from video_pipeline.domain.problem import Problem
from video_pipeline.domain.reasons import NEXT_STEPS

IN_FLIGHT = "Nothing to do: wait for the video, or for the event that tells its end."


def receipt(drop: Drop, jobs: Iterable[Job]) -> dict[str, Any]:
    """Return the receipt of a drop as it is now."""
    rejected = drop.state is DropState.REJECTED
    return {
        "manifest": drop.key,
        "version_id": drop.version_id,
        "drop_id": drop.id,
        "state": drop.state.value,
        "errors": _shown(drop.problems if rejected else ()),
        "warnings": _shown(() if rejected else drop.problems),
        "jobs": [_shown_job(job, drop) for job in jobs],
    }


def _shown(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    return [asdict(problem) for problem in problems]


def _shown_job(job: Job, drop: Drop) -> dict[str, Any]:
    archived = job.state is JobState.ARCHIVED
    return {
        "id": job.id,
        "name": job.name,
        "state": job.state.value,
        "reason": job.reason,
        "message": job.message,
        "charged": job.charged or ("no" if job.called_at is None else "unknown"),
        "credits": None if job.charge is None else to_credits(job.charge),
        "key": f"{job.folder}/video.mp4" if archived else None,
        "version_id": job.video.version_id if job.video else None,
        "bought_by_this_drop": job.version_id == drop.version_id,
        "next_step": NEXT_STEPS[job.reason] if job.reason else IN_FLIGHT,
    }
