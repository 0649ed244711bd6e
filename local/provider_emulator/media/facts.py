"""What is known of a media file once it has been read."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["image", "video", "audio"]
Format = Literal["jpeg", "png", "webp", "mp4", "mov", "wav", "mp3"]


@dataclass(frozen=True)
class MediaFacts:
    """The truth about one file: `width` and `height` as seen, that is after rotation."""

    kind: Kind
    format: Format
    bytes: int
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    frames_per_second: float | None = None
    has_audio: bool = False


class UnreadableMediaError(Exception):
    """When a file is no image, video or sound that the provider takes; the text says why."""
