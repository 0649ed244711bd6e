"""The completion report: how each job of a drop ended, and what all of them cost together."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal, TypedDict

from video_pipeline.domain.credits import to_credits
from video_pipeline.domain.drop import Drop
from video_pipeline.domain.event_details import (
    Charged,
    Count,
    Ends,
    Instant,
    JobId,
    ManifestName,
    Ordinal,
    Totals,
)
from video_pipeline.domain.events import stamp
from video_pipeline.domain.job import Charged as Charge
from video_pipeline.domain.job import Job, JobState
from video_pipeline.domain.reasons import NEXT_STEPS


class ReportedJob(TypedDict):
    """One line of the report; what the video is stands at null where there is none."""

    id: JobId
    name: str
    end: Literal["archived", "failed", "unconfirmed"]
    reason: str
    message: str | None
    charged: Charged
    credits: Annotated[float, "Charged for the job."]
    credits_reserved: Annotated[float, "Still held, because nobody knows whether it was charged."]
    bought_by_this_drop: Annotated[bool, "False when an earlier drop had asked for the same job."]
    attempts: Ordinal
    bucket: str | None
    key: str | None
    version_id: str | None
    sha256: str | None
    bytes: Count | None
    seconds: float | None
    accepted: Instant
    ended: Instant
    next_step: str


class CompletionReport(TypedDict):
    """Every job of a drop as it was when the last of them ended; written once."""

    version: str
    manifest: ManifestName
    metadata: Annotated[dict[str, str], "What all jobs have in common."]
    completed: Instant
    totals: Totals
    jobs: list[ReportedJob]


VERSION = "1"


def completion_report(drop: Drop, jobs: Iterable[Job], now: datetime) -> CompletionReport:
    """Report on jobs that have all ended; they may come one by one, and none is kept."""
    rows, sums = [], Counter[str]()
    for job in jobs:
        rows.append(_row(job, drop))
        sums["charged"] += job.charge or 0
        sums["reserved"] += job.reserved
        sums["here"] += (job.charge or 0) if _is_bought(job, drop) else 0
    return {
        "version": VERSION,
        "manifest": {
            "bucket": drop.bucket,
            "key": drop.key,
            "version_id": drop.version_id,
            "drop_id": drop.id,
        },
        "metadata": dict(drop.metadata),
        "completed": stamp(now),
        "totals": {
            "jobs": drop.total,
            "ends": _ends(rows),
            "reasons": dict(sorted(Counter(row["reason"] for row in rows).items())),
            "credits": to_credits(sums["charged"]),
            "credits_of_this_drop": to_credits(sums["here"]),
            "credits_reserved": to_credits(sums["reserved"]),
        },
        "jobs": rows,
    }


def _row(job: Job, drop: Drop) -> ReportedJob:
    video, reason = job.video, job.reason or ""
    return {
        "id": job.id,
        "name": job.name,
        "end": _END[job.state],
        "reason": reason,
        "message": job.message,
        "charged": (job.charged or Charge.UNKNOWN).value,
        "credits": to_credits(job.charge or 0),
        "credits_reserved": to_credits(job.reserved),
        "bought_by_this_drop": _is_bought(job, drop),
        "attempts": job.attempt,
        "bucket": video.bucket if video else None,
        "key": video.key if video else None,
        "version_id": video.version_id if video else None,
        "sha256": video.sha256 if video else None,
        "bytes": video.size if video else None,
        "seconds": video.seconds if video else None,
        "accepted": stamp(job.created_at),
        "ended": stamp(job.state_since),
        "next_step": NEXT_STEPS[reason],
    }


def _is_bought(job: Job, drop: Drop) -> bool:
    return job.version_id == drop.version_id


def _ends(rows: Iterable[ReportedJob]) -> Ends:
    counted = Counter(row["end"] for row in rows)
    return {
        "archived": counted["archived"],
        "failed": counted["failed"],
        "unconfirmed": counted["unconfirmed"],
    }


_END: dict[JobState, Literal["archived", "failed", "unconfirmed"]] = {
    JobState.ARCHIVED: "archived",
    JobState.FAILED: "failed",
    JobState.UNCONFIRMED: "unconfirmed",
}
