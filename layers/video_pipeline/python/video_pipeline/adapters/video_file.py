"""Looks into a finished video: what it is, and one picture that stands for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from video_pipeline.domain.media import UnreadableVideoError, VideoFacts

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream
    from PIL.Image import Image

POSTER_WITHIN_SECONDS = 2.0

_DEMUXER = "mov"  # MP4 and MOV only: a playlist must not lead to other files
_POSTER_QUALITY = 85
_FLAT_SPREAD = 8.0  # of 255: less is black, white or a plain fade
_MISSING_SECONDS = 0.5


def probe_video(path: Path) -> VideoFacts:
    """Measure a video by its packets; one that is broken or cut short is unreadable."""
    with _opened(path) as (container, video):
        if next(container.decode(video), None) is None:
            raise UnreadableVideoError("The file holds no picture.")
        container.seek(0)
        frames, seconds = _count(container, video)
        _refuse_cut_short(video, seconds)
        sounds = container.streams.audio
        return VideoFacts(
            seconds=round(seconds, 3),
            width=video.width,
            height=video.height,
            video_codec=_codec(video),
            audio_codec=_codec(sounds[0]) if sounds else None,
            frames_per_second=round(frames / seconds, 3),
        )


def write_poster(path: Path, out: Path) -> None:
    """Save the first picture that shows something, or the least flat of the first seconds."""
    best, best_spread = None, -1.0
    with _opened(path) as (container, video):
        for picture in _first_pictures(container, video):
            spread = _spread(picture)
            if spread > best_spread:
                best, best_spread = picture, spread
            if spread > _FLAT_SPREAD:
                break
    if best is None:
        raise UnreadableVideoError("The file holds no picture.")
    best.save(out, "JPEG", quality=_POSTER_QUALITY)


@contextmanager
def _opened(path: Path) -> Iterator[tuple["InputContainer", "VideoStream"]]:
    import av  # noqa: PLC0415  # loaded when first needed: only one function reads media

    try:
        with av.open(str(path), format=_DEMUXER) as container:
            if not container.streams.video:
                raise UnreadableVideoError("The file holds no video track.")
            yield container, container.streams.video[0]
    except (av.FFmpegError, OSError, ValueError, ArithmeticError) as error:
        raise UnreadableVideoError(
            "The file is no video that can be read, or it is damaged."
        ) from error


def _codec(stream: "VideoStream | AudioStream") -> str:
    """Name the codec; a stream that FFmpeg cannot decode has no context to ask."""
    return str(getattr(stream.codec_context, "name", "unknown"))


def _count(container: "InputContainer", video: "VideoStream") -> tuple[int, float]:
    packets = [packet.duration or 0 for packet in container.demux(video) if packet.size]
    return len(packets), float(sum(packets) * (video.time_base or 0))


def _refuse_cut_short(video: "VideoStream", seconds: float) -> None:
    promised = float((video.duration or 0) * (video.time_base or 0))
    if promised - seconds > _MISSING_SECONDS:
        raise UnreadableVideoError(
            f"The video is cut short: it holds {seconds:.1f} s,"
            f" its header promises {promised:.1f} s."
        )


def _first_pictures(container: "InputContainer", video: "VideoStream") -> Iterator["Image"]:
    frames = takewhile(
        lambda frame: (frame.time or 0) <= POSTER_WITHIN_SECONDS, container.decode(video)
    )
    for frame in frames:
        yield frame.to_image()  # type: ignore[no-untyped-call]  # PyAV's own omission


def _spread(picture: "Image") -> float:
    """Measure how much the brightness varies; a plain surface has next to none."""
    from PIL import ImageStat  # noqa: PLC0415  # the same

    return ImageStat.Stat(picture.convert("L")).stddev[0]
