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
class MediaFacts:
    """What a reference is; `width` and `height` as it is shown, that is after rotation."""

    format: str
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    frames_per_second: float | None = None
