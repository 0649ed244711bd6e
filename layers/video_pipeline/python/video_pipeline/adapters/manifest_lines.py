"""The lines of a file, read a block at a time from any byte on."""

from collections.abc import Iterator
from dataclasses import dataclass

from video_pipeline.domain.limits import LIMITS
from video_pipeline.domain.slices import Cursor
from video_pipeline.ports import ReadableFile

BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank; of one that is too long, `text` is the beginning.

    `size` counts its line break, `end` is where the next line begins.
    """

    number: int
    text: bytes
    size: int
    end: Cursor


def lines_of(file: ReadableFile, start: Cursor) -> Iterator[Line]:
    text, size, number, end = b"", 0, start.line, start.offset
    most = LIMITS["line"].most
    for block in _blocks(file, start.offset):
        *ended, rest = block.split(b"\n")
        for piece in ended:
            if size or piece:
                size, text = size + len(piece) + 1, text + piece[: most + 1 - len(text)]
            end += len(piece) + 1
            number += 1
            if text.strip():
                yield Line(number - 1, text, size, Cursor(end, number))
            text, size = b"", 0
        text, size = text + rest[: most + 1 - len(text)], size + len(rest)
        end += len(rest)
    if text.strip():
        yield Line(number, text, size, Cursor(end, number + 1))


def _blocks(file: ReadableFile, offset: int) -> Iterator[bytes]:
    while offset < file.size:
        block = file.read(offset, min(BLOCK, file.size - offset))
        offset += len(block)
        yield block
