"""What a media file is, read from its own bytes."""

from dataclasses import dataclass

from video_pipeline.domain.errors import PipelineError


class UnreadableVideoError(PipelineError):
    """The bytes are no video that can be read."""


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """Measured, never taken from a name or a header of the answer."""

    seconds: float
    width: int
    height: int
    video_codec: str
    audio_codec: str | None
    frames_per_second: float


@dataclass(frozen=True, slots=True)
class MediaVersion:
    """What its host calls the very bytes of a reference; `digest` names no other version.

    What they are may be remembered for `keep_days`.
    """

    digest: str
    size: int
    etag: str
    version_id: str | None
    keep_days: int


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What a reference is; `width` and `height` as it is shown, that is after rotation."""

    format: str
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    frames_per_second: float | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference of a job as it was before payment; `field` and `index` say where it stands."""

    field: str
    index: int
    source: str
    size: int
    facts: MediaFacts
    version_id: str | None = None
    etag: str | None = None
