"""A reference as a file that parsers may read and seek in, fetched by a few ranges."""

import io
import time
from collections.abc import Callable

from video_pipeline.adapters.reference_sources import Part, Ranges, UnfitError

BLOCK = 65_536
MOST_READ_AHEAD = 16  # blocks
MOST_BYTES = 8 * 1024 * 1024
MOST_REQUESTS = 64
MOST_SECONDS = 20.0  # for all requests of one reference


class RangedFile(io.RawIOBase):
    """Reads whole blocks and keeps them; what is read on and on is fetched in growing pieces.

    The first piece is a `head` of whole blocks.
    A host that takes no ranges is read from the start, up to `most_bytes`.
    `trouble` keeps why a read failed, because parsers swallow what they are told.
    """

    def __init__(
        self,
        source: Ranges,
        most_bytes: int = MOST_BYTES,
        *,
        head: int = BLOCK,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self.fetched = self.requests = 0
        self.trouble: Exception | None = None
        self.origin = 0  # where the file begins for its parser
        self._source = source
        self._most_bytes = most_bytes
        self._now = now
        self._until = now() + MOST_SECONDS
        self._blocks: dict[int, bytes] = {}
        self._at = 0
        self._ahead = 1
        self._next_block = 0
        first = self._ask(0, head - 1)
        self.version = first.version
        self._takes_ranges = first.is_range
        self.total = first.total if first.total is not None else self._measured(first, head)
        self._keep(0, self._whole(min(head, self.total), first))

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    @property
    def size(self) -> int:
        return self.total - self.origin

    def read(self, size: int = -1) -> bytes:
        """Read as many bytes as there are, up to `size`; raises UnfitError beyond the budget."""
        first = self.origin + self._at
        last = self.total if size < 0 else min(self.total, first + size)
        if first >= last:
            return b""
        try:
            numbers = range(first // BLOCK, (last - 1) // BLOCK + 1)
            content = b"".join(self._block(number, numbers[-1]) for number in numbers)
        except Exception as error:
            self.trouble = error
            raise
        begin = first - numbers[0] * BLOCK
        found = content[begin : begin + last - first]
        self._at += len(found)
        return found

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # narrower than any buffer
        found = self.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def read_at(self, offset: int, size: int) -> bytes:
        self.seek(offset)
        return self.read(size)

    def _block(self, number: int, last_wanted: int) -> bytes:
        if number not in self._blocks:
            self._fetch(number, last_wanted)
        return self._blocks.get(number, b"")

    def _fetch(self, number: int, last_wanted: int) -> None:
        """Fetch a block, with more of what follows the longer the file is read in order."""
        if not self._takes_ranges:
            self._keep(0, self._whole(self.total, self._ask(0, self.total - 1)))
            return
        self._ahead = min(2 * self._ahead, MOST_READ_AHEAD) if number == self._next_block else 1
        last = max(last_wanted, number + self._ahead - 1)
        kept = next((block for block in range(number, last + 1) if block in self._blocks), None)
        self._next_block = last + 1 if kept is None else kept
        start, end = number * BLOCK, min(self._next_block * BLOCK, self.total)
        self._keep(number, self._whole(end - start, self._ask(start, end - 1)))

    def _ask(self, first: int, last: int) -> Part:
        if self.requests >= MOST_REQUESTS or self.fetched + last + 1 - first > self._most_bytes:
            raise _too_much(self._most_bytes)
        if self._now() > self._until:
            raise _too_slow()
        self.requests += 1
        part = self._source.read(first, last)
        self.fetched += len(part.content)
        return part

    def _whole(self, promised: int, part: Part) -> bytes:
        if len(part.content) != promised:
            raise _broke_off(promised, len(part.content))
        return part.content

    def _measured(self, first: Part, head: int) -> int:
        """Find out the size of a file that nobody tells, by reading it."""
        if len(first.content) < head:
            return len(first.content)
        whole = self._ask(0, self._most_bytes - self.fetched - 1).content
        if self.fetched >= self._most_bytes:
            raise _too_much(self._most_bytes)
        self._keep(0, whole)
        return len(whole)

    def _keep(self, number: int, content: bytes) -> None:
        for start in range(0, len(content), BLOCK):
            self._blocks.setdefault(number + start // BLOCK, content[start : start + BLOCK])


def _too_much(most_bytes: int) -> UnfitError:
    return UnfitError(
        "reference_unmeasurable",
        f"The file could not be measured by reading {most_bytes:,} bytes of it.",
        "Save the file anew with its index at the start (a web-optimised or fast-start export), "
        "or put it into a bucket and give its s3:// address.",
    )


def _broke_off(promised: int, got: int) -> UnfitError:
    return UnfitError(
        "reference_unreachable",
        f"The host promised {promised:,} bytes and delivered {got:,}.",
        "Put the file into a bucket and give its s3:// address.",
    )


def _too_slow() -> UnfitError:
    return UnfitError(
        "reference_unreachable",
        f"The host took longer than {MOST_SECONDS:.0f} s to deliver the parts that were needed.",
        "Put the file into a bucket and give its s3:// address.",
    )
