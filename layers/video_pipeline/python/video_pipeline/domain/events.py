"""What subscribers are told, composed where the move is made that it tells."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from video_pipeline.domain.credits import to_credits
from video_pipeline.domain.job import Job
from video_pipeline.domain.reasons import NEXT_STEPS

SOURCE = "video-pipeline"
VERSION = "1"


@dataclass(frozen=True, slots=True)
class Event:
    """One fact for the bus; `id` is the same however often it is told."""

    id: str
    type: str
    sequence: int
    detail: dict[str, Any] = field(default_factory=dict)

    def entry(self, bus: str) -> dict[str, str]:
        """Return the event as EventBridge takes it."""
        return {
            "Source": SOURCE,
            "DetailType": self.type,
            "Detail": json.dumps(self.detail, ensure_ascii=False),
            "EventBusName": bus,
        }


def job_event(kind: str, job: Job, now: datetime, **more: Any) -> Event:  # noqa: ANN401 - JSON
    """Tell a move of a job; the event takes the job's next number."""
    sequence = job.sequence + 1
    event_id = f"{job.id}-{sequence:04d}"
    detail = {
        "version": VERSION,
        "event_id": event_id,
        "sequence": sequence,
        "time": stamp(now),
        "job": {
            "id": job.id,
            "name": job.name,
            "attempt": job.attempt,
            "task_id": job.task_id,
            "manifest": {"bucket": job.bucket, "key": job.manifest_key, "version": job.version_id},
        },
        "metadata": dict(job.metadata),
        **more,
    }
    return Event(event_id, kind, sequence, detail)


def outcome(job: Job) -> dict[str, Any]:
    """Say how a job ended: reason, whether it was charged, what to do next."""
    return {
        "reason": job.reason,
        "message": job.message,
        "charged": job.charged,
        "credits": None if job.charge is None else to_credits(job.charge),
        "next_step": NEXT_STEPS[job.reason or "archived"],
    }


def archived_video(job: Job) -> dict[str, Any]:
    """Say where the video lies and what it is."""
    video = job.video
    if video is None:
        return {}
    return {
        "video": {
            "bucket": video.bucket,
            "key": video.key,
            "version_id": video.version_id,
            "bytes": video.size,
            "sha256": video.sha256,
            "seconds": video.seconds,
            "width": video.width,
            "height": video.height,
            "has_audio": video.has_audio,
        },
        "poster_key": f"{job.folder}/poster.jpg",
        "result_key": f"{job.folder}/result.json",
    }


def times(job: Job) -> dict[str, Any]:
    """Say when each stage began, as far as it did."""
    stages = {
        "accepted": job.created_at,
        "submitted": job.submitted_at,
        "completed": job.completed_at,
        "link_expires": job.link_expires_at,
    }
    return {"times": {name: stamp(at) for name, at in stages.items() if at is not None}}


def stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
