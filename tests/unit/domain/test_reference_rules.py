"""The limits of references, at each end and just beyond it."""

import pytest

from video_pipeline.domain.media import MediaFacts
from video_pipeline.domain.reference_rules import (
    FRAME,
    Measured,
    each_problems,
    seconds_of,
    together_problems,
)


def reference(field: str, **facts: float) -> Measured:
    given = MediaFacts("any", **facts)  # type: ignore[arg-type]  # sizes are whole numbers
    return Measured(field, f"$.{field}[0]", "s3://brand/file", given)


def codes(field: str, **facts: float) -> list[str]:
    return [problem.code for problem in each_problems(reference(field, **facts))]


@pytest.mark.parametrize(
    ("seconds", "fits"),
    [(1.949, False), (1.96, True), (2, True), (15, True), (15.04, True), (15.06, False)],
)
@pytest.mark.parametrize("field", ["video_urls", "audio_urls"])
def test_seconds_are_compared_to_a_tenth(field: str, seconds: float, fits: bool) -> None:
    assert codes(field, seconds=seconds) == ([] if fits else ["reference_seconds"])


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (300, 300, []),
        (6000, 6000, []),
        (299, 300, ["reference_side"]),
        (6000, 6001, ["reference_side"]),
        (400, 1000, []),
        (399, 1000, ["reference_ratio"]),
        (1000, 400, []),
        (1001, 400, ["reference_ratio"]),
        (0, 0, ["reference_side"]),
        (100_000, 1, ["reference_side", "reference_ratio"]),
    ],
)
def test_a_picture_has_limits_of_side_and_ratio(
    width: int, height: int, expected: list[str]
) -> None:
    assert codes("image_urls", width=width, height=height) == expected


@pytest.mark.parametrize(
    ("width", "height", "fits"),
    [(640, 640, True), (640, 639, False), (2206, 946, True), (2207, 946, False)],
)
def test_a_video_has_limits_of_pixels_besides(width: int, height: int, fits: bool) -> None:
    assert codes("video_urls", width=width, height=height) == (
        [] if fits else ["reference_frame_size"]
    )


@pytest.mark.parametrize(
    ("rate", "fits"),
    [(24, True), (23.996, True), (23.976, False), (60, True), (60.004, True), (60.01, False)],
)
def test_a_rate_is_compared_to_a_hundredth(rate: float, fits: bool) -> None:
    assert codes("video_urls", frames_per_second=rate) == ([] if fits else ["reference_frame_rate"])


def test_a_problem_names_file_value_limit_source_and_fix() -> None:
    (problem,) = each_problems(reference("video_urls", width=600, height=600))
    assert problem.path == "$.video_urls[0]"
    assert problem.value == "s3://brand/file"
    assert "600 x 600 pixels, which are 360,000" in problem.message
    assert problem.limit == str(FRAME) == "409,600 to 2,086,876 pixels a frame"
    assert problem.source == "seed"
    assert problem.fix


def test_videos_and_sounds_are_counted_each_for_themselves() -> None:
    several = [
        *(reference("video_urls", seconds=seconds) for seconds in (5, 5, 5.04)),
        *(reference("audio_urls", seconds=seconds) for seconds in (7, 8.1)),
        reference("image_urls", width=300, height=300),
    ]
    (problem,) = together_problems(several)
    assert (problem.path, problem.value) == ("$.audio_urls", "15.10 s")
    assert seconds_of("video_urls", several) == pytest.approx(15.04)


def test_one_file_alone_is_judged_by_its_own_limit_only() -> None:
    assert list(together_problems([reference("video_urls", seconds=16)])) == []
