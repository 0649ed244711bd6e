"""Contract 2.2: output sizes, and what `adaptive` chooses."""

import pytest

from provider_emulator.media.facts import MediaFacts
from provider_emulator.media.sizes import OUTPUT_SIZES, RATIOS, adaptive_ratio, nearest_ratio

TALL_VIDEO = MediaFacts("video", "mp4", 1, 720, 1280, 5.0, 24.0)
SQUARE_IMAGE = MediaFacts("image", "png", 1, 800, 800)


def test_the_table_holds_every_ratio_in_both_qualities() -> None:
    assert set(OUTPUT_SIZES) == {
        (ratio, quality) for ratio in RATIOS for quality in ("480p", "720p")
    }


@pytest.mark.parametrize(("ratio", "quality"), OUTPUT_SIZES)
def test_each_size_is_nearest_to_its_own_ratio(ratio: str, quality: str) -> None:
    assert nearest_ratio(*OUTPUT_SIZES[ratio, quality]) == ratio


def test_adaptive_looks_at_the_first_video_before_the_images() -> None:
    assert adaptive_ratio([TALL_VIDEO], [SQUARE_IMAGE], "in 21:9") == "9:16"


def test_adaptive_looks_at_the_first_image_before_the_prompt() -> None:
    assert adaptive_ratio([], [SQUARE_IMAGE], "in 21:9") == "1:1"


@pytest.mark.parametrize(
    ("prompt", "ratio"),
    [
        ("A portrait of a fox", "9:16"),
        ("A fox, 3:4, dawn", "3:4"),
        ("竖屏 果茶", "9:16"),
        ("The clock shows 14:30", "16:9"),
        ("A fox at dawn", "16:9"),
    ],
)
def test_adaptive_without_media_takes_the_prompt_at_its_word(prompt: str, ratio: str) -> None:
    assert adaptive_ratio([], [], prompt) == ratio
