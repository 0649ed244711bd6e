"""What a reference is, read from as few of its bytes as its format allows.

PyAV opens videos and walks the packets of MP3s, Pillow reads JPEG and PNG.
WebP and WAV are measured by their chunks: of a WebP, Pillow would read every byte.
A video's frames are counted by its own tables: they tell what FFmpeg estimates or applies late.
"""

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

from video_pipeline.adapters.media_formats import HEAD_BYTES, held_format
from video_pipeline.adapters.movie_boxes import fragments_total, picture_track, read_index
from video_pipeline.adapters.ranged_file import RangedFile
from video_pipeline.adapters.reference_sources import UnfitError
from video_pipeline.adapters.riff import wav_seconds, webp_size
from video_pipeline.domain.media import MediaFacts

if TYPE_CHECKING:
    from av.container import InputContainer

MISSING_SECONDS = 0.5  # a header may promise a little more than is there
MOST_PACKETS = 200_000

_ORIENTATION = 0x0112
_QUARTER_TURNED = frozenset({5, 6, 7, 8})
_EXIF_BROKEN = (SyntaxError, ValueError, LookupError, TypeError, OSError, struct.error)
BROKEN = (*_EXIF_BROKEN, ArithmeticError, EOFError, AttributeError, StopIteration, MemoryError)


def read_facts(file: RangedFile) -> MediaFacts:
    """Measure a file; raises UnfitError when it is damaged or cannot be read in bounds."""
    name = held_format(file.read_at(0, HEAD_BYTES)) or "unknown"
    try:
        if name not in _READERS:
            raise ValueError(name)
        facts = _READERS[name](file, name)
    except BROKEN as error:
        raise file.trouble or _damaged(name) from error
    if file.trouble:
        raise file.trouble
    return facts


def _jpeg(file: RangedFile, name: str) -> MediaFacts:
    from PIL.JpegImagePlugin import JpegImageFile  # noqa: PLC0415 - loaded when first needed

    file.seek(0)
    image = JpegImageFile(cast("Any", file))
    return _picture(name, *image.size, image.info.get("exif"))


def _png(file: RangedFile, name: str) -> MediaFacts:
    from PIL.PngImagePlugin import PngImageFile  # noqa: PLC0415 - the same

    file.seek(0)
    image = PngImageFile(cast("Any", file))
    return _picture(name, *image.size, image.info.get("exif"))


def _webp(file: RangedFile, name: str) -> MediaFacts:
    return _picture(name, *webp_size(file))


def _picture(name: str, width: int, height: int, exif: bytes | None) -> MediaFacts:
    """Nothing is ever decoded, so a picture that would burst the memory is measured as any."""
    if _is_quarter_turned(exif):
        width, height = height, width
    return MediaFacts(name, width, height)


def _is_quarter_turned(content: bytes | None) -> bool:
    """Read the orientation; what viewers cannot read, they ignore."""
    from PIL.Image import Exif  # noqa: PLC0415 - the same

    exif = Exif()
    with suppress(*_EXIF_BROKEN):
        exif.load(content or b"")
        return exif.get(_ORIENTATION) in _QUARTER_TURNED
    return False


def _video(file: RangedFile, name: str) -> MediaFacts:
    """Count the frames by the index, or the fragments; FFmpeg tells the size they decode to."""
    index = read_index(file, file.size)
    track = picture_track(index)
    frames, ticks = track.samples, track.ticks
    if index.is_fragmented:
        more = fragments_total(file, index, track.id)
        frames, ticks = frames + more[0], ticks + more[1]
    seconds = ticks / track.ticks_a_second
    if index.share_missing * seconds > MISSING_SECONDS:
        raise ValueError("cut short")
    with _opened(file, "mov") as container:
        video = next(video for video in container.streams.video if video.id == track.id)
        width, height = video.codec_context.width, video.codec_context.height
    if track.is_turned:
        width, height = height, width
    if not (frames and width and height and seconds):
        raise ValueError("nothing to see")
    return MediaFacts(name, width, height, round(seconds, 3), round(frames / seconds, 3))


def _wav(file: RangedFile, name: str) -> MediaFacts:
    return MediaFacts(name, seconds=round(wav_seconds(file), 3))


def _mp3(file: RangedFile, name: str) -> MediaFacts:
    """Walk every packet: without a length header, and with a wrong one, all else is a guess."""
    file.origin = _tag_length(file.read_at(0, 10))
    ticks, base = 0, 0.0
    with _opened(file, "mp3") as container:
        base = float(container.streams.audio[0].time_base or 0)
        for number, packet in enumerate(container.demux(audio=0)):
            ticks += packet.duration or 0 if packet.size else 0
            if number > MOST_PACKETS:
                raise ValueError("endless")
    if not ticks:
        raise ValueError("nothing to hear")
    return MediaFacts(name, seconds=round(ticks * base, 3))


def _tag_length(head: bytes) -> int:
    """Return how long the tag in front is, which may hold a large cover picture (ID3v2, 3.1)."""
    if head[:3] != b"ID3":
        return 0
    size = 0
    for seven_bits in head[6:10]:
        size = size << 7 | seven_bits & 0x7F
    return 10 + size


@contextmanager
def _opened(file: RangedFile, demuxer: str) -> Iterator["InputContainer"]:
    """Open through our own reads alone: nothing in a file can lead FFmpeg to another."""
    import av  # noqa: PLC0415 - the same

    file.seek(0)
    try:
        with av.open(cast("Any", file), format=demuxer) as container:
            yield container
    except av.FFmpegError as error:
        raise ValueError(str(error)) from error


def _damaged(name: str) -> UnfitError:
    return UnfitError(
        "reference_unreadable",
        f"The {name} file is damaged or cut short and cannot be measured.",
        "Play it through from start to end on your own machine, save it anew and upload it again.",
    )


_READERS: dict[str, Callable[[RangedFile, str], MediaFacts]] = {
    "jpeg": _jpeg,
    "png": _png,
    "webp": _webp,
    "mp4": _video,
    "mov": _video,
    "wav": _wav,
    "mp3": _mp3,
}
