from dataclasses import replace
from decimal import Decimal

import pytest

from video_pipeline.adapters.price_list import load_prices
from video_pipeline.domain.request import VideoRequest

PLAIN = VideoRequest(prompt="tea", image_urls=("https://example.com/a.png",))


@pytest.mark.parametrize(
    ("duration", "quality", "input_seconds", "units", "relaxed"),
    [
        (4, "480p", None, 50_220, 55_242),
        (5, "480p", None, 62_775, 69_053),
        (5, "720p", None, 135_000, 148_500),
        (10, "720p", None, 270_000, 297_000),
        (15, "720p", None, 405_000, 445_500),
        (4, "480p", "2", 61_344, 67_478),
        (10, "720p", "5", 328_860, 361_746),
        (5, "720p", "12.34", 286_108, 314_719),
        (15, "720p", "15", 493_290, 542_619),
    ],
)
def test_the_estimate_meets_the_published_rule_to_the_unit(
    duration: int, quality: str, input_seconds: str | None, units: int, relaxed: int
) -> None:
    videos = () if input_seconds is None else ("https://example.com/v.mp4",)
    request = replace(PLAIN, duration=duration, quality=quality, video_urls=videos)
    seconds = None if input_seconds is None else Decimal(input_seconds)
    prices = load_prices()
    assert prices.estimate(request, seconds) == units
    assert prices.estimate(replace(request, content_filter=False), seconds) == relaxed


def test_input_seconds_not_yet_known_count_as_the_most_allowed() -> None:
    request = replace(PLAIN, video_urls=("https://example.com/v.mp4",))
    prices = load_prices()
    assert prices.estimate(request) == prices.estimate(request, Decimal(15))
