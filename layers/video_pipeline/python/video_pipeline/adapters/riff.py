"""WebP pictures and WAV sounds: both are chunks in a row, measured without reading them whole."""

import struct
from collections.abc import Iterator

from video_pipeline.adapters.ranged_file import RangedFile

_HEADER = 8
_FIRST_CHUNK = 12
_MOST_CHUNKS = 1_000
_EXIF_MOST = 65_536
_PLAIN_SAMPLES = frozenset({1, 3, 0xFFFE})  # PCM, float, extensible
_UNKNOWN_SIZE = 0xFFFFFFFF


def webp_size(file: RangedFile) -> tuple[int, int, bytes | None]:
    """Return the size of the canvas and what the EXIF chunk holds; Pillow would read it all."""
    size: tuple[int, int] | None = None
    for name, at, length in _chunks(file):
        if name == b"EXIF" and size:
            return *size, file.read_at(at, min(length, _EXIF_MOST))
        size = size or _canvas(name, file.read_at(at, 10))
        if size and name in {b"VP8 ", b"VP8L"} and not _is_extended(file):
            break
    if size is None:
        raise ValueError("no picture in the file")
    return *size, None


def wav_seconds(file: RangedFile) -> float:
    """Return how long the samples last that are there, whatever the header promises."""
    rate = 0
    for name, at, length in _chunks(file):
        if name == b"fmt ":
            rate = _bytes_a_second(file.read_at(at, 14))
        elif name == b"data" and rate:
            present = max(0, file.size - at)
            return (present if length in {0, _UNKNOWN_SIZE} else min(length, present)) / rate
    raise ValueError("no samples in the file")


def _bytes_a_second(form: bytes) -> int:
    """Multiply where samples are plain: the figure of the header is often wrong."""
    kind, _, hertz, told, frame = struct.unpack("<HHIIH", form)
    return int(hertz * frame if kind in _PLAIN_SAMPLES else told)


def _chunks(file: RangedFile) -> Iterator[tuple[bytes, int, int]]:
    at = _FIRST_CHUNK
    for _ in range(_MOST_CHUNKS):
        header = file.read_at(at, _HEADER)
        if len(header) < _HEADER:
            return
        name, length = struct.unpack("<4sI", header)
        yield name, at + _HEADER, length
        at += _HEADER + length + length % 2


def _is_extended(file: RangedFile) -> bool:
    return file.read_at(_FIRST_CHUNK, 4) == b"VP8X"


def _canvas(name: bytes, content: bytes) -> tuple[int, int] | None:
    """Read the size as the three kinds of first chunk tell it (WebP container specification)."""
    match name:
        case b"VP8X":
            width, height = (int.from_bytes(content[at : at + 3], "little") + 1 for at in (4, 7))
            return width, height
        case b"VP8 " if content[3:6] == b"\x9d\x01\x2a":
            width, height = struct.unpack("<HH", content[6:10])
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L" if content[:1] == b"\x2f":
            (bits,) = struct.unpack("<I", content[1:5])
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None
