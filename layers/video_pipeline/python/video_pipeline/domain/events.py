"""What subscribers are told, composed where the move is made that it tells."""

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from video_pipeline.domain.credits import to_credits
from video_pipeline.domain.identity import drop_id
from video_pipeline.domain.job import RESTS, ArchivedVideo, Charged, Job
from video_pipeline.domain.reasons import NEXT_STEPS
from video_pipeline.domain.redaction import redacted

if TYPE_CHECKING:
    from video_pipeline.domain import event_details as details

SOURCE = "video-pipeline"
VERSIONS = {
    "Manifest Accepted": "1",
    "Manifest Rejected": "1",
    "Manifest Completed": "1",
    "Video Submitted": "1",
    "Video Archived": "1",
    "Video Failed": "1",
    "Video Unconfirmed": "1",
    "Link At Risk": "1",
    "Submission Paused": "1",
    "Submission Resumed": "1",
}
"""Every kind of event; its version rises when a change would break subscribers."""

LONGEST_MESSAGE = 500
SHORTEST_PROMPT = 4  # a shorter one would be found in any text
LINK_AT_RISK = "Nothing yet: copying goes on. Look at the trouble while the link still lives."


@dataclass(frozen=True, slots=True)
class Event:
    """One fact for the bus; `id` is the same however often it is told."""

    id: str
    type: str
    sequence: int
    detail: Mapping[str, Any] = field(default_factory=dict)

    def entry(self, bus: str) -> dict[str, str]:
        """Return the event as EventBridge takes it."""
        return {
            "Source": SOURCE,
            "DetailType": self.type,
            "Detail": json.dumps(self.detail, ensure_ascii=False),
            "EventBusName": bus,
        }


def job_event(kind: str, job: Job, now: datetime) -> Event:
    """Tell a move of a job; the event takes the job's next number."""
    sequence = job.sequence + 1
    event_id = f"{job.id}-{sequence:04d}"
    head: details.OfJob = {
        "version": VERSIONS[kind],
        "event_id": event_id,
        "sequence": sequence,
        "time": stamp(now),
        "metadata": dict(job.metadata),
        "job": _name_of(job),
        "times": times(job),
    }
    return Event(event_id, kind, sequence, _COMPOSERS[kind](job, head))


def times(job: Job) -> "details.Times":
    """Say when each stage began, as far as it did."""
    return {
        "accepted": stamp(job.created_at),
        "called": _stamp_or_none(job.called_at),
        "submitted": _stamp_or_none(job.submitted_at),
        "completed": _stamp_or_none(job.completed_at),
        "ended": stamp(job.state_since) if job.state in RESTS else None,
        "link_expires": _stamp_or_none(job.link_expires_at),
    }


def place(bucket: str, key: str) -> "details.Place":
    return {"bucket": bucket, "key": key, "uri": f"s3://{bucket}/{key}"}


def without_secrets(text: str | None, prompt: str = "") -> str | None:
    """Return what may be told to every subscriber: no prompt, no key, of a link its host alone."""
    if text is None:
        return None
    bare = redacted(text)
    if len(prompt) >= SHORTEST_PROMPT:
        bare = bare.replace(prompt, "…")
    return bare if len(bare) <= LONGEST_MESSAGE else bare[: LONGEST_MESSAGE - 1] + "…"


def stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _stamp_or_none(at: datetime | None) -> str | None:
    return None if at is None else stamp(at)


def _name_of(job: Job) -> "details.JobName":
    return {
        "id": job.id,
        "name": job.name,
        "attempt": job.attempt,
        "task_id": job.task_id,
        "manifest": {
            "bucket": job.bucket,
            "key": job.manifest_key,
            "version_id": job.version_id,
            "drop_id": drop_id(job.bucket, job.manifest_key, job.version_id),
        },
    }


def _submitted(job: Job, head: "details.OfJob") -> "details.VideoSubmitted":
    return {**head, "credits_reserved": to_credits(job.reserved)}


def _archived(job: Job, head: "details.OfJob") -> "details.VideoArchived":
    if job.video is None:
        raise ValueError(f"job {job.id} is archived without a video")
    bucket = job.video.bucket
    return {
        **head,
        "reason": "archived",
        "message": _message(job),
        "charged": "yes",
        "credits": to_credits(job.charge or 0),
        "credits_by": _credits_by(job),
        "next_step": NEXT_STEPS["archived"],
        "video": _video(job.video),
        "poster": place(bucket, f"{job.folder}/poster.jpg"),
        "result": place(bucket, f"{job.folder}/result.json"),
    }


def _video(video: ArchivedVideo) -> "details.Video":
    where = place(video.bucket, video.key)
    return {
        **where,
        "version_id": video.version_id,
        "link_command": f"aws s3 presign {shlex.quote(where['uri'])} --expires-in 3600",
        "bytes": video.size,
        "sha256": video.sha256,
        "crc32": video.crc32,
        "seconds": video.seconds,
        "width": video.width,
        "height": video.height,
        "has_audio": video.has_audio,
        "replaces_version_id": video.replaces,
    }


def _failed(job: Job, head: "details.OfJob") -> "details.VideoFailed":
    reason = job.reason or ""
    return {
        **head,
        "reason": reason,
        "message": _message(job),
        "charged": (job.charged or Charged.UNKNOWN).value,
        "credits": to_credits(job.charge or 0),
        "credits_by": _credits_by(job),
        "next_step": NEXT_STEPS[reason],
    }


def _unconfirmed(job: Job, head: "details.OfJob") -> "details.VideoUnconfirmed":
    return {
        **head,
        "reason": "unconfirmed",
        "message": _message(job),
        "charged": "unknown",
        "credits_reserved": to_credits(job.reserved),
        "next_step": NEXT_STEPS["unconfirmed"],
    }


def _at_risk(job: Job, head: "details.OfJob") -> "details.LinkAtRisk":
    return {
        **head,
        "trouble": without_secrets(job.archive_trouble, job.request.prompt),
        "tries": job.archive_tries,
        "credits_reserved": to_credits(job.reserved),
        "next_step": LINK_AT_RISK,
    }


def _message(job: Job) -> str | None:
    return without_secrets(job.message, job.request.prompt)


def _credits_by(job: Job) -> Literal["provider", "estimate"]:
    return "estimate" if job.provider_charge is None else "provider"


_COMPOSERS: dict[str, Callable[[Job, "details.OfJob"], Mapping[str, Any]]] = {
    "Video Submitted": _submitted,
    "Video Archived": _archived,
    "Video Failed": _failed,
    "Video Unconfirmed": _unconfirmed,
    "Link At Risk": _at_risk,
}
