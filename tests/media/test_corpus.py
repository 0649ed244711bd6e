"""Every limit of a reference, judged from the real bytes of real files."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.media.corpus import CORPUS, Case
from tests.media.shelf import Shelf
from video_pipeline.adapters.link_source import LinkSource
from video_pipeline.adapters.media_reader import read_facts
from video_pipeline.adapters.ranged_file import RangedFile
from video_pipeline.adapters.references import S3References
from video_pipeline.domain.media import MediaFacts
from video_pipeline.domain.request import VideoRequest
from video_pipeline.ports import Checked

REQUEST = VideoRequest(prompt="Tea")


def link(name: str) -> str:
    return f"https://media.example/{name}"


def check(shelf: Shelf, **names: tuple[str, ...]) -> Checked:
    lists: Any = {field: tuple(map(link, given)) for field, given in names.items()}
    return S3References(_no_reader, shelf).check(replace(REQUEST, **lists))


def facts(shelf: Shelf, name: str) -> MediaFacts:
    return read_facts(RangedFile(LinkSource(shelf, link(name)), 16_000_000))


def _no_reader(_bucket: str) -> Any:
    raise AssertionError("nothing lies in S3")


def test_the_corpus_is_large_enough_and_names_each_file_once() -> None:
    assert len({case.name for case in CORPUS}) == len(CORPUS) >= 60


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.name)
def test_a_file_earns_its_verdict_by_a_few_of_its_bytes(
    corpus: Path, case: Case, record_property: Any
) -> None:
    shelf = Shelf(corpus)
    checked = check(shelf, **{case.field: (case.name,)})
    assert tuple(problem.code for problem in checked.problems) == case.codes
    for problem in checked.problems:
        assert problem.fix
        assert problem.path == f"$.{case.field}[0]"
        assert problem.limit or problem.code == "reference_unreadable"
    if case.facts:
        found = facts(Shelf(corpus), case.name)
        assert (found.width, found.height) == case.facts[:2]
        assert found.seconds == pytest.approx(case.facts[2], abs=0.05)
    size = (corpus / case.name).stat().st_size
    record_property("bytes", size)
    record_property("fetched", shelf.fetched)
    record_property("requests", len(shelf.asked))
    print(f"{case.name}: {shelf.fetched:,} of {size:,} bytes in {len(shelf.asked)} requests")  # noqa: T201 - shown with -s
    assert shelf.fetched <= (case.most_fetched or size)


@pytest.mark.parametrize(
    "name", ["front.mp4", "fragmented.mp4", "turned.jpg", "variable.mp3", "streamed.wav"]
)
@pytest.mark.parametrize("tells_length", [True, False])
def test_a_host_without_ranges_is_read_with_the_same_result(
    corpus: Path, name: str, tells_length: bool
) -> None:
    plain = Shelf(corpus, takes_ranges=False, tells_length=tells_length)
    assert facts(plain, name) == facts(Shelf(corpus), name)
    assert len(plain.asked) <= 2


@pytest.mark.parametrize("tells_length", [True, False])
def test_a_host_without_ranges_is_not_read_beyond_the_budget(
    corpus: Path, tells_length: bool
) -> None:
    shelf = Shelf(corpus, takes_ranges=False, tells_length=tells_length)
    (corpus / "endless.mp4").write_bytes((corpus / "end.mp4").read_bytes() + bytes(9_000_000))
    (problem,) = check(shelf, video_urls=("endless.mp4",)).problems
    assert problem.code == "reference_unmeasurable"
    assert shelf.fetched <= 8 * 1024 * 1024


def test_a_host_that_promises_more_than_it_delivers_is_told(corpus: Path) -> None:
    shelf = Shelf(corpus, promises=500)
    (problem,) = check(shelf, image_urls=("a.jpg",)).problems
    assert problem.code == "reference_unreachable"


def test_all_videos_together_and_all_sounds_together_are_counted_apart(corpus: Path) -> None:
    fits = {"video_urls": ("two.mp4", "two.mov"), "audio_urls": ("fifteen.wav",)}
    checked = check(Shelf(corpus), **fits)
    assert checked.problems == ()
    assert checked.input_seconds == pytest.approx(4.0)
    over = {"video_urls": ("fifteen.mp4", "two.mov"), "audio_urls": ("fifteen.wav", "two.wav")}
    videos, sounds = check(Shelf(corpus), **over).problems
    assert (videos.path, videos.value) == ("$.video_urls", "17.00 s")
    assert (sounds.path, sounds.code) == ("$.audio_urls", "reference_total_seconds")
    assert sounds.limit == "at most 15 s together"


def test_every_file_of_a_request_is_told_of(corpus: Path) -> None:
    names = ("narrow.png", "a.jpg", "wider.png")
    checked = check(Shelf(corpus), image_urls=names, video_urls=("short.mp4",))
    assert [problem.path for problem in checked.problems] == [
        *("$.image_urls[0]", "$.image_urls[2]", "$.video_urls[0]"),
    ]
    assert checked.problems[0].limit == "300 to 6,000 pixels each"
    assert checked.problems[0].source == "seed"


def test_without_videos_no_seconds_are_told(corpus: Path) -> None:
    assert check(Shelf(corpus), image_urls=("a.jpg",)).input_seconds is None
