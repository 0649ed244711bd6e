"""The file behind a link: what its host tells of it, parts of it, and all of it in one stream."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from video_pipeline.adapters.link_source import FORBIDDEN, GONE, PARTIAL
from video_pipeline.adapters.reference_sources import Part
from video_pipeline.domain.errors import FetchFailedError, SourceLostError
from video_pipeline.ports import Download, Downloader, Fetched

LARGEST_VIDEO = 500 * 1024 * 1024
MOST_RESUMES = 5
FIRST_PAUSE = 0.5  # seconds before a body is taken up again; doubled each time

DEAD = FORBIDDEN | GONE

_EMPTY_RANGE, _WHOLE = 416, 200
_RANGE = re.compile(r"\s*bytes\s+[0-9]+-[0-9]+/([0-9]{1,18})\s*")
_LENGTH = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Told:
    """What a host tells of a file; `version` tells two contents apart, where it is told at all."""

    takes_ranges: bool
    size: int | None
    version: str | None
    content_type: str

    @classmethod
    def by(cls, fetched: Fetched) -> "Told":
        headers = fetched.headers
        is_range = fetched.status == PARTIAL
        size = _RANGE.fullmatch(headers.get("content-range", "")) if is_range else None
        length = _LENGTH.fullmatch(headers.get("content-length", ""))
        told = size[1] if size else length[0] if length and not is_range else None
        etag = headers.get("etag", "")
        version = etag if etag.startswith('"') else headers.get("last-modified")  # W/ proves little
        content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        return cls(is_range, None if told is None else int(told), version or None, content_type)

    @property
    def can_be_resumed(self) -> bool:
        return self.takes_ranges and self.size is not None and self.version is not None

    def is_same_file(self, other: "Told") -> bool:
        """Say whether nothing that both tell speaks against it."""
        both = ((self.size, other.size), (self.version, other.version))
        return all(one == another for one, another in both if None not in {one, another})


class LinkedFile:
    """A source for ranged reads; the first part that is read is kept, and what it tells."""

    shown = path = "the link"

    def __init__(self, fetcher: Downloader, link: str, first_bytes: int) -> None:
        self._fetcher = fetcher
        self._link = link
        self._first_bytes = first_bytes
        self._head, self.told = self._ask(0, first_bytes - 1)

    def read(self, first_byte: int, last_byte: int) -> Part:
        """Read a range; raises SourceLostError when it is of another file than the first was."""
        if (first_byte, last_byte) == (0, self._first_bytes - 1):
            return self._part(self._head)
        content, told = self._ask(first_byte, last_byte)
        if not (told.takes_ranges and told.is_same_file(self.told)):
            raise SourceLostError("The source changed while it was looked at.")
        return self._part(content)

    @contextmanager
    def stream(self, pause: Callable[[float], None] = time.sleep) -> Iterator["LinkedStream"]:
        """Open the whole file as one stream that outlives its connections."""
        with ExitStack() as connections:
            yield LinkedStream(self._fetcher, self._link, self.told, connections, pause)

    def _part(self, content: bytes) -> Part:
        return Part(content, self.told.size, self.told.takes_ranges)

    def _ask(self, first_byte: int, last_byte: int) -> tuple[bytes, Told]:
        length = last_byte + 1 - first_byte
        with self._fetcher.open(
            self._link, max_bytes=length, first_byte=first_byte, last_byte=last_byte
        ) as fetched:
            return b"".join(fetched.chunks(length)), Told.by(fetched)


class LinkedStream:
    """A body that is taken up again where its connection broke off, or ends in SourceLostError."""

    def __init__(
        self,
        fetcher: Downloader,
        link: str,
        told: Told,
        connections: ExitStack,
        pause: Callable[[float], None],
    ) -> None:
        self._fetcher, self._link, self._told = fetcher, link, told
        self._connections, self._pause = connections, pause
        self._at = self.resumes = 0
        self._fetched = self._open()

    def readinto(self, room: memoryview) -> int:
        """Fill a room; only the end leaves some of it empty."""
        filled = 0
        while filled < len(room):
            count = self._more(room[filled:])
            if not count:
                break
            filled += count
            self._at += count
        return filled

    def _more(self, room: memoryview) -> int:
        while True:
            try:
                return self._fetched.readinto(room)
            except FetchFailedError as error:
                self._take_up(error)

    def _take_up(self, error: FetchFailedError) -> None:
        """Ask for the rest of this very version; a refusal of the link itself is raised as it is.

        What was read into the room beyond `_at` is read again.
        """
        while True:
            if not self._told.can_be_resumed or self.resumes == MOST_RESUMES:
                raise SourceLostError(f"{error} It cannot be taken up again.") from error
            self._connections.close()
            self._pause(FIRST_PAUSE * 2**self.resumes)
            self.resumes += 1
            try:
                self._fetched = self._open()
            except FetchFailedError as refusal:
                if refusal.status in {_WHOLE, _EMPTY_RANGE}:
                    raise SourceLostError("The source changed while it was copied.") from refusal
                if refusal.status in DEAD:
                    raise
                error = refusal
            else:
                return

    def _open(self) -> Download:
        version = self._told.version if self._at else None
        most = LARGEST_VIDEO - self._at
        fetched = self._connections.enter_context(
            self._fetcher.open(self._link, max_bytes=most, first_byte=self._at, if_range=version)
        )
        told = Told.by(fetched)
        if not told.is_same_file(self._told):
            raise SourceLostError("The source changed between look and copy.")
        return fetched
