"""A finished video at its link: looked at first, then read once from start to end.

A source that takes no ranges, or does not tell its length, is laid down on disk first, within a
bound: its index may stand at the end, and S3 wants the length before the bytes.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

from video_pipeline.adapters.linked_file import LinkedFile
from video_pipeline.adapters.media_formats import HEAD_BYTES, held_format
from video_pipeline.adapters.ranged_file import RangedFile
from video_pipeline.adapters.reference_sources import Part, UnfitError
from video_pipeline.adapters.video_file import OPENING, SeenVideo
from video_pipeline.domain.errors import FetchFailedError, SourceLostError
from video_pipeline.domain.media import UnreadableVideoError
from video_pipeline.ports import Downloader, Stream

MOST_SPOOLED = 256 * 1024 * 1024  # half of a function's own disk
PIECE = 262_144


class GuardedVideoLinks:
    """The video links port, over the guarded fetcher."""

    def __init__(self, fetcher: Downloader, pause: Callable[[float], None] = time.sleep) -> None:
        self._fetcher = fetcher
        self._pause = pause

    @contextmanager
    def open(self, link: str) -> Iterator[SeenVideo]:
        file = LinkedFile(self._fetcher, link, OPENING)
        _refuse_unless_film(file)
        content_type = file.told.content_type
        try:
            if file.told.takes_ranges and file.told.size is not None:
                seen = RangedFile(file, head=OPENING)
                yield SeenVideo(seen, content_type, lambda: file.stream(self._pause))
            else:
                with self._spooled(file) as spool:
                    yield SeenVideo(RangedFile(spool), content_type, spool.stream)
        except UnfitError as error:  # the words of ranged reads, which serve references as well
            raise FetchFailedError(str(error)) from error

    @contextmanager
    def _spooled(self, file: LinkedFile) -> Iterator["SpooledFile"]:
        with tempfile.TemporaryFile() as copy:
            with file.stream(self._pause) as stream:
                _lay_down(stream, copy)
            size = copy.tell()
            if file.told.size not in {None, size}:
                raise SourceLostError(f"The body ended after {size} of {file.told.size} B.")
            yield SpooledFile(copy, size)


class SpooledFile:
    """A file on disk, as a source of ranges and as a stream."""

    shown = path = "the spooled copy"

    def __init__(self, copy: IO[bytes], size: int) -> None:
        self._copy = copy
        self._size = size

    def read(self, first_byte: int, last_byte: int) -> Part:
        return Part(
            os.pread(self._copy.fileno(), last_byte + 1 - first_byte, first_byte), self._size
        )

    @contextmanager
    def stream(self) -> Iterator[Stream]:
        with os.fdopen(os.dup(self._copy.fileno()), "rb") as stream:
            stream.seek(0)
            yield stream


def _refuse_unless_film(file: LinkedFile) -> None:
    """Spare the rest of what is plainly something else, such as a page that answers 200."""
    held = held_format(file.read(0, OPENING - 1).content[:HEAD_BYTES])
    if held not in {"mp4", "mov"}:
        raise UnreadableVideoError(
            f"The link holds {held or 'an unknown format'} ({file.told.content_type or 'untyped'}),"
            " which is no video."
        )


def _lay_down(stream: Stream, copy: IO[bytes]) -> None:
    room = memoryview(bytearray(PIECE))
    while count := stream.readinto(room):
        copy.write(room[:count])
        if copy.tell() > MOST_SPOOLED:
            raise FetchFailedError(
                f"The source takes no ranges or tells no length, and has more than {MOST_SPOOLED:,}"
                " bytes, which is as much as is laid down on disk."
            )
