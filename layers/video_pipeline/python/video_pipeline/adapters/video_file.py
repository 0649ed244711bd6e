"""Looks into a finished video by few of its bytes: what it is, and one picture that stands for it.

The movie's own index tells length, frames and whether all of it is there;
FFmpeg tells the codecs and decodes the first pictures.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

from video_pipeline.adapters.media_formats import HEAD_BYTES, held_format
from video_pipeline.adapters.media_reader import BROKEN
from video_pipeline.adapters.movie_boxes import fragments_total, picture_track, read_index
from video_pipeline.adapters.reference_sources import UnfitError
from video_pipeline.domain.media import UnreadableVideoError, VideoFacts
from video_pipeline.ports import Stream

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    from video_pipeline.adapters.ranged_file import RangedFile

OPENING = 262_144  # bytes: index and first picture of most films, in one read
ENOUGH_SECONDS = 2.0  # from then on the best picture so far will do
MOST_PICTURES = 400

_DEMUXER = "mov"  # MP4 and MOV only: a playlist must not lead to other files
_QUALITY = 85
_FLAT_SPREAD = 8.0  # of 255: less is black, white or a plain fade
_CLEAR_SPREAD = 32.0  # more is no half-faded picture
_SMALL = (64, 64)


class SeenVideo:
    """The video port: facts and poster are read when it is made, `opens` begins all its bytes."""

    def __init__(
        self,
        file: "RangedFile",
        content_type: str,
        opens: Callable[[], AbstractContextManager[Stream]],
    ) -> None:
        self.size = file.total
        self.content_type = content_type
        self.facts, self.poster = read_video(file)
        self.stream = opens


def read_video(file: "RangedFile") -> tuple[VideoFacts, bytes]:
    """Return what a video is, and its poster as JPEG.

    Raises UnreadableVideoError when it is damaged, cut short or no video,
    and what the source raised when its bytes did not come.
    """
    held = held_format(file.read_at(0, HEAD_BYTES))
    if held not in {"mp4", "mov"}:
        raise UnreadableVideoError(f"There is no video, but {held or 'an unknown format'}.")
    try:
        length = _length(file)  # first: FFmpeg would believe a table of any size
        with _opened(file) as (container, video):
            return _facts(container, video, length), _poster(container, video)
    except BROKEN as error:
        raise file.trouble or UnreadableVideoError(
            "The file is no video that can be read, or it is damaged."
        ) from error


@dataclass(frozen=True, slots=True)
class Length:
    """What the movie's own index tells, of its pictures."""

    frames: int
    seconds: float
    is_turned: bool


def _length(file: "RangedFile") -> Length:
    index = read_index(file, file.size)
    if index.share_missing:
        raise UnreadableVideoError(
            f"The video is cut short: {index.share_missing:.1%} of its content is missing."
        )
    track = picture_track(index)
    frames, ticks = track.samples, track.ticks
    if index.is_fragmented:
        more = fragments_total(file, index, track.id)
        frames, ticks = frames + more[0], ticks + more[1]
    return Length(frames, ticks / track.ticks_a_second, track.is_turned)


def _facts(container: "InputContainer", video: "VideoStream", length: Length) -> VideoFacts:
    width, height = video.codec_context.width, video.codec_context.height
    sounds = container.streams.audio
    sound_codec = _codec(sounds[0]) if sounds else None
    if length.is_turned:
        width, height = height, width
    if not (length.frames and width and height):
        raise UnreadableVideoError("The file holds no picture.")
    rate = round(length.frames / length.seconds, 3)
    return VideoFacts(round(length.seconds, 3), width, height, _codec(video), sound_codec, rate)


def _poster(container: "InputContainer", video: "VideoStream") -> bytes:
    """Return the first picture that shows something, or the least flat of those looked at."""
    best, best_spread = None, -1.0
    for picture in _pictures(container, video):
        spread = _spread(picture)
        if spread > best_spread:
            best, best_spread = picture, spread
        late = (picture.time or 0) > ENOUGH_SECONDS
        if spread > _CLEAR_SPREAD or (late and best_spread > _FLAT_SPREAD):
            break
    if best is None:
        raise UnreadableVideoError("The file holds no picture.")
    out = BytesIO()
    best.to_image().save(out, "JPEG", quality=_QUALITY)  # type: ignore[no-untyped-call]  # PyAV's own omission
    return out.getvalue()


def _pictures(container: "InputContainer", video: "VideoStream") -> Iterator["VideoFrame"]:
    """Decode from the start; what cannot be read any more ends it, once there is a picture."""
    import av  # noqa: PLC0415  # loaded when first needed: only one function reads media

    decoded = container.decode(video)
    for number in range(MOST_PICTURES):
        try:
            picture = next(decoded, None)
        except (av.FFmpegError, UnfitError):
            if number == 0:
                raise
            return
        if picture is None:
            return
        yield picture


@contextmanager
def _opened(file: "RangedFile") -> Iterator[tuple["InputContainer", "VideoStream"]]:
    """Open through our own reads alone: nothing in a file can lead FFmpeg to another."""
    import av  # noqa: PLC0415  # the same

    file.seek(0)
    try:
        with av.open(cast("Any", file), format=_DEMUXER) as container:
            if not container.streams.video:
                raise UnreadableVideoError("The file holds no video track.")
            yield container, container.streams.video[0]
    except av.FFmpegError as error:
        raise ValueError(str(error)) from error


def _codec(stream: "VideoStream | AudioStream") -> str:
    """Name the codec; a stream that FFmpeg cannot decode has no context to ask."""
    return str(getattr(stream.codec_context, "name", "unknown"))


def _spread(picture: "VideoFrame") -> float:
    """Measure how much the brightness varies; a plain surface has next to none."""
    from PIL import ImageStat  # noqa: PLC0415  # the same

    width, height = _SMALL
    small = picture.reformat(width, height, "rgb24").to_image()  # type: ignore[no-untyped-call]  # PyAV's own omission
    return ImageStat.Stat(small.convert("L")).stddev[0]
