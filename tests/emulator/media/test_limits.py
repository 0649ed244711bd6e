"""Contract 2.3: the limits of reference media."""

from dataclasses import replace

import pytest

from provider_emulator.media.facts import Kind, MediaFacts
from provider_emulator.media.limits import check_media, unreadable_problem

IMAGE = MediaFacts("image", "png", 1_000, 800, 600)
VIDEO = MediaFacts("video", "mp4", 1_000, 1280, 720, 5.0, 24.0)
AUDIO = MediaFacts("audio", "wav", 1_000, seconds=5.0, has_audio=True)


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("image", replace(IMAGE, bytes=30_000_000)),
        ("image", replace(IMAGE, width=300, height=300)),
        ("image", replace(IMAGE, width=6000, height=6000)),
        ("image", replace(IMAGE, width=400, height=1000)),
        ("image", replace(IMAGE, width=1000, height=400)),
        ("video", replace(VIDEO, bytes=50_000_000)),
        ("video", replace(VIDEO, width=640, height=640)),
        ("video", replace(VIDEO, width=2206, height=946)),
        ("video", replace(VIDEO, seconds=2.0)),
        ("video", replace(VIDEO, seconds=15.0)),
        ("video", replace(VIDEO, frames_per_second=24.0)),
        ("video", replace(VIDEO, frames_per_second=60.0)),
        ("audio", replace(AUDIO, bytes=15_000_000)),
        ("audio", replace(AUDIO, seconds=2.0)),
        ("audio", replace(AUDIO, seconds=15.0)),
        ("audio", replace(AUDIO, seconds=15.046)),
    ],
)
def test_what_lies_on_a_limit_is_allowed(kind: Kind, facts: MediaFacts) -> None:
    assert check_media(kind, [facts]) == []


@pytest.mark.parametrize(
    ("kind", "facts", "code", "value", "limit"),
    [
        ("image", replace(IMAGE, bytes=30_000_001), "invalid_parameters", "30000001", "30 MB"),
        ("image", replace(IMAGE, width=299, height=300), "invalid_parameters", "299x300", "300"),
        ("image", replace(IMAGE, width=6001, height=6000), "invalid_parameters", "6001x", "6000"),
        ("image", replace(IMAGE, width=399, height=1000), "invalid_parameters", "0.399", "0.4"),
        ("image", replace(IMAGE, width=1001, height=400), "invalid_parameters", "2.50", "2.5"),
        ("video", replace(VIDEO, bytes=50_000_001), "invalid_parameters", "50.00 MB", "50 MB"),
        ("video", replace(VIDEO, width=639, height=640), "invalid_parameters", "408960", "409600"),
        ("video", replace(VIDEO, width=2207), "invalid_parameters", "2207x720", "2.5"),
        (
            "video",
            replace(VIDEO, width=1920, height=1088),
            "invalid_parameters",
            "2088960",
            "2086876",
        ),
        ("video", replace(VIDEO, seconds=1.9), "invalid_parameters", "1.90 s", "2 to 15 s"),
        ("video", replace(VIDEO, seconds=15.1), "invalid_parameters", "15.10 s", "2 to 15 s"),
        (
            "video",
            replace(VIDEO, frames_per_second=23.976),
            "invalid_parameters",
            "23.98",
            "24 to 60",
        ),
        ("video", replace(VIDEO, frames_per_second=61.0), "invalid_parameters", "61", "24 to 60"),
        ("audio", replace(AUDIO, bytes=15_000_001), "invalid_parameters", "15000001", "15 MB"),
        ("audio", replace(AUDIO, seconds=1.9), "invalid_audio", "1.90 s", "2 to 15 s"),
        ("audio", replace(AUDIO, seconds=15.1), "invalid_audio", "15.10 s", "2 to 15 s"),
    ],
)
def test_what_lies_beyond_a_limit_is_named_with_its_value_and_the_limit(
    kind: Kind, facts: MediaFacts, code: str, value: str, limit: str
) -> None:
    fine = {"image": IMAGE, "video": replace(VIDEO, seconds=2.0)}.get(
        kind, replace(AUDIO, seconds=2.0)
    )
    problem = next(found for found in check_media(kind, [fine, facts]) if found.index is not None)
    assert (problem.index, problem.code) == (1, code)
    assert problem.message.startswith(f"{kind} 2 ")
    assert value in problem.message
    assert limit in problem.message


@pytest.mark.parametrize(
    ("kind", "facts", "code"),
    [
        ("image", VIDEO, "image_processing_error"),
        ("video", IMAGE, "invalid_parameters"),
        ("audio", VIDEO, "invalid_audio"),
    ],
)
def test_a_file_of_another_kind_is_refused(kind: Kind, facts: MediaFacts, code: str) -> None:
    (problem,) = check_media(kind, [facts])
    assert problem.code == code
    assert f"{kind} 1 is a file of another kind" in problem.message


@pytest.mark.parametrize(
    ("kind", "facts", "code"),
    [("video", VIDEO, "invalid_parameters"), ("audio", AUDIO, "invalid_audio")],
)
def test_together_they_may_last_15_seconds_and_no_more(
    kind: Kind, facts: MediaFacts, code: str
) -> None:
    assert check_media(kind, [facts, facts, facts]) == []
    (problem,) = check_media(kind, [facts, facts, replace(facts, seconds=5.1)])
    assert (problem.index, problem.code) == (None, code)
    assert "15.10 s" in problem.message


@pytest.mark.parametrize(("kind", "facts", "most"), [("image", IMAGE, 9), ("audio", AUDIO, 3)])
def test_no_more_items_than_the_contract_allows(kind: Kind, facts: MediaFacts, most: int) -> None:
    short = replace(facts, seconds=facts.seconds and 2.0)
    assert check_media(kind, [short] * most) == []
    (problem,) = check_media(kind, [short] * (most + 1))
    assert f"at most {most}" in problem.message


def test_every_broken_limit_of_an_item_is_told_at_once() -> None:
    facts = replace(VIDEO, bytes=60_000_000, seconds=20.0, frames_per_second=10.0)
    assert len(check_media("video", [facts])) == 3


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("image", "image_processing_error"),
        ("video", "invalid_parameters"),
        ("audio", "invalid_audio"),
    ],
)
def test_an_unreadable_item_has_the_code_of_its_kind(kind: Kind, code: str) -> None:
    problem = unreadable_problem(kind, 1, "the file is empty")
    assert (problem.index, problem.code) == (1, code)
    assert problem.message == f"{kind} 2 cannot be used: the file is empty"
