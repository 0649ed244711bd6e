"""A reference read as a file: the right bytes, in few requests, within bounds."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.media.shelf import Shelf
from video_pipeline.adapters.link_source import LinkSource
from video_pipeline.adapters.media_reader import read_facts
from video_pipeline.adapters.ranged_file import BLOCK, MOST_BYTES, MOST_SECONDS, RangedFile
from video_pipeline.adapters.reference_sources import Part, UnfitError

CONTENT = bytes(range(251)) * 4_000  # about 1 MB


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


@given(
    st.lists(st.tuples(st.integers(0, len(CONTENT) + 9), st.integers(0, 200_000)), max_size=12),
    st.booleans(),
)
def test_any_reads_anywhere_give_what_is_there(
    reads: list[tuple[int, int]], takes_ranges: bool
) -> None:
    file = RangedFile(Memory(CONTENT, takes_ranges=takes_ranges))
    for at, size in reads:
        assert file.read_at(at, size) == CONTENT[at : at + size]
    assert file.fetched <= len(CONTENT) + BLOCK


def test_what_is_read_on_and_on_takes_few_requests() -> None:
    source = Memory(bytes(7_000_000))
    file = RangedFile(source)
    while file.read(4_096):
        pass
    assert source.reads < 15


def test_a_file_is_not_read_beyond_its_budget() -> None:
    file = RangedFile(Memory(bytes(20_000_000)))
    with pytest.raises(UnfitError, match="could not be measured"):
        file.read()
    assert file.fetched <= MOST_BYTES
    assert isinstance(file.trouble, UnfitError)


def test_a_file_is_not_read_by_endless_requests() -> None:
    file = RangedFile(Memory(bytes(90_000_000)), 80_000_000)
    for number in range(64, 1, -1):
        file.read_at(number * 5 * BLOCK, 1)
    with pytest.raises(UnfitError, match="could not be measured"):
        file.read_at(BLOCK, 1)
    assert file.requests == 64


def test_a_slow_host_is_given_up_as_a_whole() -> None:
    times = iter([0.0, 1.0, MOST_SECONDS + 1])
    file = RangedFile(Memory(CONTENT), now=lambda: next(times))
    with pytest.raises(UnfitError, match="took longer than 20 s"):
        file.read_at(5 * BLOCK, 1)


def test_a_file_may_be_read_from_where_its_tag_ends() -> None:
    file = RangedFile(Memory(CONTENT))
    file.origin = 100
    assert file.seek(-5, io.SEEK_END) == len(CONTENT) - 105
    assert file.read() == CONTENT[-5:]


PILLOW_MUSES = "ignore::UserWarning:PIL"  # about what is odd in EXIF data, and goes on
SIGNATURES = [
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR",
    b"RIFF\xff\0\0\0WEBPVP8X",
    b"RIFF\xff\0\0\0WAVEfmt \x10\0\0\0",
    b"ID3\x03\0\0\0\0\0\0\xff\xfb",
    b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x80moov",
    b"\xff\xfb\x90\x00",
]


@given(st.sampled_from(SIGNATURES), st.binary(max_size=400))
@pytest.mark.filterwarnings(PILLOW_MUSES)
def test_any_bytes_are_measured_or_refused_in_plain_words(start: bytes, rest: bytes) -> None:
    assert outcome(start + rest)


@pytest.mark.parametrize("name", ["two.mp4", "fragmented.mp4", "turned.jpg", "a.webp", "two.wav"])
@pytest.mark.filterwarnings(PILLOW_MUSES)
@given(at=st.integers(0, 5_000), value=st.binary(min_size=1, max_size=8))
@settings(deadline=None)
def test_a_damaged_file_is_measured_or_refused_in_plain_words(
    corpus: Path, name: str, at: int, value: bytes
) -> None:
    content = (corpus / name).read_bytes()
    at %= len(content)
    assert outcome(content[:at] + value + content[at + len(value) :])


def outcome(content: bytes) -> str | None:
    """Return the format that was measured, or how to mend what could not be."""
    try:
        return read_facts(RangedFile(Memory(content))).format
    except UnfitError as error:
        return error.fix


def test_a_link_is_read_through_its_source(corpus: Path) -> None:
    source = LinkSource(Shelf(corpus), "https://media.example/a.jpg")
    assert RangedFile(source).total == (corpus / "a.jpg").stat().st_size
