"""The document that lies beside a video: what was asked and sent, what came, what it cost."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Literal, TypedDict, cast
from urllib.parse import urlsplit

from video_pipeline.domain.credits import to_credits
from video_pipeline.domain.event_details import (
    Count,
    Instant,
    JobId,
    ManifestName,
    Ordinal,
    Sha256,
    Times,
)
from video_pipeline.domain.events import stamp, times
from video_pipeline.domain.identity import drop_id
from video_pipeline.domain.job import ArchivedVideo, Job, Moment
from video_pipeline.domain.media import Reference, VideoFacts
from video_pipeline.domain.redaction import redacted
from video_pipeline.domain.request import MODEL, REFERENCE_LISTS

VERSION = "1"

Link = Annotated[
    str, "As the manifest names it; of a link, what follows the question mark is left out."
]


class ResultJob(TypedDict):
    id: JobId
    name: str
    attempt: Annotated[Ordinal, "The paid call that brought the video."]


class Request(TypedDict):
    """The body of the paid call; callback_url went with it and is left out."""

    model: str
    prompt: str
    image_urls: list[Link]
    video_urls: list[Link]
    audio_urls: list[Link]
    duration: Annotated[int, "Seconds."]
    quality: str
    aspect_ratio: str
    generate_audio: bool
    content_filter: bool


class ResultReference(TypedDict):
    """One reference as it was looked at before the paid call."""

    field: Literal["image_urls", "video_urls", "audio_urls"]
    index: Count
    source: Link
    version_id: Annotated[str | None, "Of an object in S3."]
    etag: Annotated[str | None, "What its host calls these very bytes."]
    bytes: Count
    format: str
    width: Annotated[int | None, "As shown, that is after rotation."]
    height: int | None
    seconds: float | None
    frames_per_second: float | None


class ProviderAnswer(TypedDict):
    """The finished task as the provider told it."""

    task_id: str
    status: Literal["completed"]
    model: str
    created: Instant | None
    seconds: Annotated[int | None, "Of the video, where it is told."]
    credits: Annotated[float | None, "Charged, where it is told."]
    result: Annotated[str | None, "Where the link led; the link itself is a secret and dies."]


class Credits(TypedDict):
    estimated: float | None
    reserved: Annotated[float, "Held from the paid call until the video was archived."]
    reserved_on: Annotated[str | None, "The UTC day whose limit they counted against."]
    charged: float
    told_by: Annotated[Literal["provider", "estimate"], "Who named the charge."]


class StoredFile(TypedDict):
    bucket: str
    key: str
    version_id: str
    bytes: Count
    sha256: Sha256
    crc32: Annotated[str, "As S3 keeps and writes it: head-object with checksum mode ENABLED."]


class StoredVideo(StoredFile):
    replaces_version_id: Annotated[str | None, "What lay under the key before, and still does."]
    seconds: float
    width: Count
    height: Count
    has_audio: bool


class Media(TypedDict):
    """Measured in the file itself."""

    seconds: float
    width: Count
    height: Count
    video_codec: str
    audio_codec: str | None
    frames_per_second: float


class Stage(TypedDict):
    at: Instant
    state: str
    attempt: Ordinal
    cause: str


class Result(TypedDict):
    """Everything about one archived video; written with it, and never changed."""

    version: str
    job: ResultJob
    manifest: Annotated[ManifestName, "The drop that first asked for the job."]
    metadata: Annotated[dict[str, str], "The job's own."]
    request: Request
    references: list[ResultReference]
    provider: ProviderAnswer
    times: Times
    stages: Annotated[list[Stage], "Each move of the job, the latest 60 of them."]
    credits: Credits
    video: StoredVideo
    poster: StoredFile
    media: Media
    remarks: Annotated[list[str], "Where the video is not what was asked for."]


def result(
    before: Job, after: Job, poster: StoredFile, facts: VideoFacts, remarks: Iterable[str]
) -> Result:
    """Compose the document of a job that `after` its last move is archived."""
    assert after.video is not None  # noqa: S101 - that is what the move is about
    return {
        "version": VERSION,
        "job": {"id": after.id, "name": after.name, "attempt": after.attempt},
        "manifest": {
            "bucket": after.bucket,
            "key": after.manifest_key,
            "version_id": after.version_id,
            "drop_id": drop_id(after.bucket, after.manifest_key, after.version_id),
        },
        "metadata": dict(after.metadata),
        "request": _request(after),
        "references": [_reference(reference) for reference in after.references],
        "provider": _provider(after),
        "times": times(after),
        "stages": [_stage(moment) for moment in after.trail],
        "credits": _credits(before, after),
        "video": _video(after.video),
        "poster": poster,
        "media": cast("Media", asdict(facts)),
        "remarks": list(remarks),
    }


def _request(job: Job) -> Request:
    fields = {**asdict(job.request), "model": MODEL}
    for name in REFERENCE_LISTS:
        fields[name] = [_without_query(url) for url in fields[name]]
    return cast("Request", fields)


def _reference(reference: Reference) -> ResultReference:
    fields = asdict(reference)
    facts, size = fields.pop("facts"), fields.pop("size")
    source = _without_query(reference.source)
    return cast("ResultReference", {**fields, **facts, "bytes": size, "source": source})


def _provider(job: Job) -> ProviderAnswer:
    created = job.task_created and datetime.fromtimestamp(job.task_created, UTC)
    return {
        "task_id": job.task_id or "",
        "status": "completed",
        "model": MODEL,
        "created": stamp(created) if created else None,
        "seconds": job.task_seconds,
        "credits": None if job.provider_charge is None else to_credits(job.provider_charge),
        "result": redacted(job.link) if job.link else None,
    }


def _credits(before: Job, after: Job) -> Credits:
    return {
        "estimated": None if after.estimate is None else to_credits(after.estimate),
        "reserved": to_credits(before.reserved),
        "reserved_on": after.reserved_day,
        "charged": to_credits(after.charge or 0),
        "told_by": "estimate" if after.provider_charge is None else "provider",
    }


def _video(video: ArchivedVideo) -> StoredVideo:
    fields = asdict(video)
    size, replaces = fields.pop("size"), fields.pop("replaces")
    return cast("StoredVideo", {**fields, "bytes": size, "replaces_version_id": replaces})


def _stage(moment: Moment) -> Stage:
    return {
        "at": moment.at,
        "state": moment.state,
        "attempt": moment.attempt,
        "cause": redacted(moment.cause),
    }


def _without_query(url: str) -> str:
    """Leave out what may be a signature."""
    return (
        url if url.startswith("s3://") else urlsplit(url)._replace(query="", fragment="").geturl()
    )
