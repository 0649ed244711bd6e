"""Files in memory behind the fetcher port, with or without ranges, and what was taken of them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from video_pipeline.adapters.reference_sources import Part


@dataclass
class Slice:
    """A fetched answer."""

    content: bytes
    status: int
    headers: Mapping[str, str]

    def chunks(self, size: int = 262_144) -> Iterator[bytes]:
        yield from (self.content[at : at + size] for at in range(0, len(self.content), size))


@dataclass
class Shelf:
    """A host that serves the files of a folder."""

    folder: Path
    takes_ranges: bool = True
    tells_length: bool = True
    promises: int = 0  # more bytes than there are
    asked: list[tuple[int, int]] = field(default_factory=list)
    fetched: int = 0

    @contextmanager
    def open(
        self, url: str, *, max_bytes: int, first_byte: int = 0, last_byte: int | None = None
    ) -> Iterator[Slice]:
        content = (self.folder / Path(urlsplit(url).path).name).read_bytes()
        assert last_byte is not None, "a reference is never asked for whole"
        self.asked.append((first_byte, last_byte))
        part = content[first_byte if self.takes_ranges else 0 : last_byte + 1]
        assert len(part) <= max_bytes
        self.fetched += len(part)
        total = len(content) + self.promises
        if self.takes_ranges:
            yield Slice(part, 206, {"content-range": f"bytes {first_byte}-/{total}"})
        else:
            yield Slice(part, 200, {"content-length": str(total)} if self.tells_length else {})


class Memory:
    """A source of bytes that we have, with or without ranges."""

    shown = path = "memory"

    def __init__(self, content: bytes, *, takes_ranges: bool = True) -> None:
        self.content, self.takes_ranges, self.reads = content, takes_ranges, 0

    def read(self, first_byte: int, last_byte: int) -> Part:
        self.reads += 1
        first = first_byte if self.takes_ranges else 0
        part = self.content[first : last_byte + 1]
        return Part(part, len(self.content), self.takes_ranges)
