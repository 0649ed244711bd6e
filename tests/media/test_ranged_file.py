"""A reference read as a file: the right bytes, in few requests, within bounds."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.media.shelf import Memory, Shelf
from video_pipeline.adapters.link_source import LinkSource
from video_pipeline.adapters.ranged_file import BLOCK, MOST_BYTES, MOST_SECONDS, RangedFile
from video_pipeline.adapters.reference_sources import UnfitError

CONTENT = bytes(range(251)) * 4_000  # about 1 MB


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


def test_a_link_is_read_through_its_source(corpus: Path) -> None:
    source = LinkSource(Shelf(corpus), "https://media.example/a.jpg")
    assert RangedFile(source).total == (corpus / "a.jpg").stat().st_size
