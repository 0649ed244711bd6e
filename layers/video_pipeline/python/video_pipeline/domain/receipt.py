"""The file that tells a user with S3 access alone what became of a manifest.

Its JSON Schema is generated from these classes (adapters/receipt_schema.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from video_pipeline.domain.credits import to_credits
from video_pipeline.domain.drop import Drop, DropState
from video_pipeline.domain.job import Charged, Job, JobState
from video_pipeline.domain.problem import Problem
from video_pipeline.domain.reasons import NEXT_STEPS

VERSION = "1"
IN_FLIGHT = "Nothing to do: wait for the video, or for the event that tells its end."
AFTER = {
    DropState.ACCEPTED: "Nothing to do: the jobs are under way.",
    DropState.COMPLETED: "Look at the jobs: each says what to do next.",
    DropState.REJECTED: "Do what the fix of each error says, then drop the manifest again. "
    "Nothing was paid.",
}


@dataclass(frozen=True, slots=True)
class ReceiptJob:
    """What became of one job."""

    id: Annotated[str, "The same in logs, ledger, events and archive."]
    name: Annotated[str, "As in the manifest, or made from the job's place in it."]
    state: JobState
    reason: Annotated[str | None, "Why it ended as it did: a stable code, null for a video."]
    message: Annotated[str | None, "The reason in words."]
    charged: Annotated[Charged, "Whether money is known to have gone."]
    credits: Annotated[float | None, "What was charged, null as long as nothing is settled."]
    key: Annotated[str | None, "Where the video lies in the archive bucket."]
    version_id: Annotated[str | None, "Which version of that key is this job's video."]
    replaces_version_id: Annotated[str | None, "What lay under that key before, and still does."]
    bought_by_this_drop: Annotated[bool, "false when an earlier drop had bought the same job."]
    next_step: Annotated[str, "What to do now, in plain words."]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one drop of a manifest."""

    version: Annotated[str, "Of this form; a new one may add fields, and takes none away."]
    manifest: Annotated[str, "Key of the manifest in the intake bucket."]
    version_id: Annotated[str, "Which version of the manifest was dropped."]
    drop_id: Annotated[str, "Names this drop in events and on the command line."]
    state: DropState
    next_step: Annotated[str, "What to do now, in plain words."]
    total: Annotated[int, "How many jobs the drop has; fewer are listed while they are made."]
    errors: Annotated[tuple[Problem, ...], "Why it was rejected; the first 200."]
    warnings: Annotated[tuple[Problem, ...], "What is allowed but was probably not meant."]
    jobs: Iterable[ReceiptJob]


def receipt(drop: Drop, jobs: Iterable[Job]) -> Receipt:
    """Return the receipt of a drop as it is now; its jobs are read as they are written."""
    rejected = drop.state is DropState.REJECTED
    return Receipt(
        version=VERSION,
        manifest=drop.key,
        version_id=drop.version_id,
        drop_id=drop.id,
        state=drop.state,
        next_step=AFTER[drop.state],
        total=drop.total,
        errors=drop.problems if rejected else (),
        warnings=() if rejected else drop.problems,
        jobs=(_job(job, drop) for job in jobs),
    )


def _job(job: Job, drop: Drop) -> ReceiptJob:
    archived = job.state is JobState.ARCHIVED
    return ReceiptJob(
        id=job.id,
        name=job.name,
        state=job.state,
        reason=job.reason,
        message=job.message,
        charged=job.charged or (Charged.NO if job.called_at is None else Charged.UNKNOWN),
        credits=None if job.charge is None else to_credits(job.charge),
        key=f"{job.folder}/video.mp4" if archived else None,
        version_id=job.video.version_id if job.video else None,
        replaces_version_id=job.video.replaces if job.video else None,
        bought_by_this_drop=job.version_id == drop.version_id,
        next_step=_next_step(job),
    )


def _next_step(job: Job) -> str:
    if job.state is JobState.ARCHIVED:
        return NEXT_STEPS["archived"]
    return NEXT_STEPS[job.reason] if job.reason else IN_FLIGHT
