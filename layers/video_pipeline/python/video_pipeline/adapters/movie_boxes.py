"""The boxes of MP4 and MOV files, as far as FFmpeg must not be left alone with them.

A table may announce more samples than memory holds, and the length of a fragmented movie
stands in its fragments alone (ISO/IEC 14496-12).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Protocol

MOST_INDEX_BYTES = 4_000_000
MOST_BOXES = 20_000
_TABLE = b"stsz\0\0\0\0"  # the name, then version and flags, which are all zero
_HAS_DURATION, _HAS_OFFSET, _HAS_FIRST_FLAGS = 0x100, 0x1, 0x4
_SAMPLE_FIELDS = (0x100, 0x200, 0x400, 0x800)


class Readable(Protocol):
    def seek(self, offset: int, whence: int = 0, /) -> int: ...
    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Box:
    name: bytes
    start: int  # of its content
    end: int


@dataclass(frozen=True, slots=True)
class Index:
    """The movie's own table of contents, where fragments follow it, and what is cut off."""

    content: bytes
    fragments: tuple[Box, ...]
    share_missing: float

    @property
    def is_fragmented(self) -> bool:
        return next(_inside(self.content, b"mvex"), None) is not None


@dataclass(frozen=True, slots=True)
class Track:
    """The track of moving pictures, as the index describes it; fragments are not counted yet."""

    id: int
    is_turned: bool  # by a quarter
    ticks_a_second: int
    samples: int
    ticks: int


def read_index(file: Readable, size: int) -> Index:
    """Find the index at either end; raises ValueError when it is missing or impossible."""
    found = list(boxes(file, 0, size))
    movie = next((box for box in found if box.name == b"moov"), None)
    if movie is None or movie.end > size:
        raise ValueError("no whole index in the file")
    content = _content(file, movie)
    _refuse_impossible(content, size)
    media = [box for box in found if box.name == b"mdat"]
    promised = sum(box.end - box.start for box in media)
    missing = sum(max(0, box.end - max(size, box.start)) for box in media)
    fragments = tuple(box for box in found if box.name == b"moof")
    return Index(content, fragments, missing / promised if promised else 1.0)


def picture_track(index: Index) -> Track:
    """Return the first track of pictures; raises ValueError when there is none."""
    for content in _inside(index.content, b"trak"):
        media = _only(content, b"mdia")
        if _only(media, b"hdlr")[8:12] == b"vide":
            return _track(_only(content, b"tkhd"), media)
    raise ValueError("no moving picture in the file")


def fragments_total(file: Readable, index: Index, track: int) -> tuple[int, int]:
    """Return how many samples of a track the fragments hold, and how many ticks these last."""
    default = _default_duration(index.content, track)
    samples = ticks = 0
    for fragment in index.fragments:
        content = _content(file, fragment)
        for part in _inside(content, b"traf"):
            more = _traf_total(part, track, default)
            samples, ticks = samples + more[0], ticks + more[1]
    return samples, ticks


def boxes(file: Readable, start: int, end: int) -> Iterator[Box]:
    for _ in range(MOST_BOXES):
        if end - start < 8:  # noqa: PLR2004 - length and name
            return
        file.seek(start)
        length, name = struct.unpack(">I4s", file.read(8))
        content = start + 8
        if length == 1:
            (length,) = struct.unpack(">Q", file.read(8))
            content += 8
        stop = end if length == 0 else start + length
        if stop < content:
            raise ValueError("a box that ends before it begins")
        yield Box(name, content, stop)
        start = stop


def _content(file: Readable, box: Box) -> bytes:
    if box.end - box.start > MOST_INDEX_BYTES:
        raise ValueError("an index too large for a short video")
    file.seek(box.start)
    return file.read(box.end - box.start)


def _inside(content: bytes, name: bytes) -> Iterator[bytes]:
    for box in boxes(BytesIO(content), 0, len(content)):
        if box.name == name:
            yield content[box.start : box.end]


def _only(content: bytes, name: bytes) -> bytes:
    found = next(_inside(content, name), None)
    if found is None:
        raise ValueError(f"no {name!r} in the index")
    return found


def _track(header: bytes, media: bytes) -> Track:
    """Read the headers in either version; the second has longer times."""
    longer = header[0] == 1
    (named,) = struct.unpack_from(">I", header, 20 if longer else 12)
    across, along = struct.unpack_from(">2i", header, 52 if longer else 40)
    clock = _only(media, b"mdhd")
    (ticks_a_second,) = struct.unpack_from(">I", clock, 20 if clock[0] == 1 else 12)
    times = _only(_only(_only(media, b"minf"), b"stbl"), b"stts")
    (count,) = struct.unpack_from(">I", times, 4)
    runs = [struct.unpack_from(">II", times, 8 + 8 * run) for run in range(count)]
    samples, ticks = sum(run[0] for run in runs), sum(run[0] * run[1] for run in runs)
    return Track(named, abs(along) > abs(across), ticks_a_second, samples, ticks)


def _refuse_impossible(content: bytes, size: int) -> None:
    at = content.find(_TABLE)
    while at != -1:
        at += len(_TABLE)
        _, count = struct.unpack(">II", content[at : at + 8].ljust(8, b"\0"))
        if count > size:
            raise ValueError("a table of more samples than the file has bytes")
        at = content.find(_TABLE, at)


def _default_duration(movie: bytes, track: int) -> int:
    for extends in _inside(movie, b"mvex"):
        for defaults in _inside(extends, b"trex"):
            named, _, duration = struct.unpack(">III", defaults[4:16])
            if named == track:
                return int(duration)
    return 0


def _traf_total(content: bytes, track: int, default: int) -> tuple[int, int]:
    samples = ticks = 0
    for header in _inside(content, b"tfhd"):
        flags, named = struct.unpack(">II", header[:8])
        if named != track:
            return 0, 0
        at = 8 + 8 * bool(flags & 0x1) + 4 * bool(flags & 0x2)
        if flags & 0x8:
            (default,) = struct.unpack(">I", header[at : at + 4])
    for run in _inside(content, b"trun"):
        flags, count = struct.unpack(">II", run[:8])
        samples += count
        ticks += _run_ticks(run, flags, count) if flags & _HAS_DURATION else count * default
    return samples, ticks


def _run_ticks(run: bytes, flags: int, count: int) -> int:
    at = 8 + 4 * bool(flags & _HAS_OFFSET) + 4 * bool(flags & _HAS_FIRST_FLAGS)
    step = 4 * sum(bool(flags & field) for field in _SAMPLE_FIELDS)
    if at + step * count > len(run):
        raise ValueError("a run of more samples than it lists")
    return sum(struct.unpack_from(">I", run, at + step * number)[0] for number in range(count))
