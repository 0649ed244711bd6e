"""Reading videos and sounds: what they hold, counted packet by packet."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from provider_emulator.media.facts import Format, MediaFacts, UnreadableMediaError
from provider_emulator.media.sample_table import announces_the_impossible

# A lying table of contents can promise billions of packets; 15 s never need this many.
MOST_PACKETS = 200_000
# A header may promise a little more than is there; more than this is a file cut short.
MISSING_SECONDS = 0.5

BROKEN = (av.FFmpegError, OSError, ValueError, ArithmeticError, LookupError, EOFError, MemoryError)
_DEMUXERS = {"mp4": "mov", "mov": "mov", "wav": "wav", "mp3": "mp3"}


def open_media(path: Path, media_format: str | None = None) -> InputContainer:
    """Open a local file and nothing else: a playlist must not lead FFmpeg elsewhere."""
    demuxer = _DEMUXERS.get(media_format or "")
    return av.open(str(path), format=demuxer, options={"protocol_whitelist": "file"})


@dataclass(frozen=True)
class _Counted:
    packets: int
    seconds: float


def read_video(path: Path, video_format: Format) -> MediaFacts:
    if announces_the_impossible(path):
        raise _damaged(video_format, "video")
    try:
        with open_media(path, video_format) as container:
            if not container.streams.video:
                raise UnreadableMediaError(f"The {video_format.upper()} file holds no video track.")
            return _video_facts(path, video_format, container)
    except BROKEN as error:
        raise _damaged(video_format, "video") from error


def _video_facts(path: Path, video_format: Format, container: InputContainer) -> MediaFacts:
    stream = container.streams.video[0]
    frame = _first_frame(container, stream)
    counted = _count(container, stream)
    if counted.packets == 0 or frame is None:
        raise _damaged(video_format, "video")
    _refuse_cut_short(stream, counted)
    turned = frame.rotation % 180 != 0
    width, height = (frame.height, frame.width) if turned else (frame.width, frame.height)
    return MediaFacts(
        "video",
        video_format,
        path.stat().st_size,
        width,
        height,
        round(counted.seconds, 3),
        round(counted.packets / counted.seconds, 3),
        bool(container.streams.audio),
    )


def read_sound(path: Path, sound_format: Format) -> MediaFacts:
    try:
        with open_media(path, sound_format) as container:
            if not container.streams.audio:
                raise UnreadableMediaError(f"The {sound_format.upper()} file holds no sound.")
            stream = container.streams.audio[0]
            frame = _first_frame(container, stream)
            counted = _count(container, stream)
    except BROKEN as error:
        raise _damaged(sound_format, "sound") from error
    if frame is None or counted.seconds <= 0:
        raise _damaged(sound_format, "sound")
    size = path.stat().st_size
    return MediaFacts(
        "audio", sound_format, size, seconds=round(counted.seconds, 3), has_audio=True
    )


def _first_frame(container: InputContainer, stream: VideoStream | AudioStream) -> VideoFrame | None:
    frame = next(iter(container.decode(stream)), None)
    container.seek(0)
    return frame  # type: ignore[return-value]  # only a video's frame is looked into


def _count(container: InputContainer, stream: VideoStream | AudioStream) -> _Counted:
    packets, ticks = 0, 0
    for packet in container.demux(stream):
        if packet.size:
            packets += 1
            ticks += packet.duration or 0
        if packets >= MOST_PACKETS:
            break
    return _Counted(packets, float(ticks * (stream.time_base or Fraction(0))))


def _refuse_cut_short(stream: VideoStream, counted: _Counted) -> None:
    promised = float((stream.duration or 0) * (stream.time_base or 0))
    if promised - counted.seconds > MISSING_SECONDS:
        raise UnreadableMediaError(
            f"The video is cut short: its header promises {promised:.1f} s,"
            f" the file holds {counted.seconds:.1f} s."
        )


def _damaged(media_format: Format, what: str) -> UnreadableMediaError:
    return UnreadableMediaError(
        f"The {media_format.upper()} {what} is damaged or cut short and cannot be decoded."
    )
