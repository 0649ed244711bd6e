from typing import Any

import pytest

from video_pipeline.domain.problem import SHOWN, below, shown


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, "5"),
        (5.0, "5.0"),
        (True, "true"),
        (None, "null"),
        ("tea", '"tea"'),
        ('say "tea"\n', '"say \\"tea\\"\\n"'),
        ("茶", '"茶"'),
        ([1, 2], "a list of 2"),
        ({"a": 1}, "an object with 1 key"),
        ({}, "an object with 0 keys"),
        (float("inf"), "a number too large to hold"),
        ("https://example.com/a?X-Amz-Signature=abc", '"https://example.com/a?…"'),
        ("see https://a.com/?b=c d", '"see https://a.com/?… d"'),
        ("https://user:pass@example.com/", '"https://…@example.com/"'),
    ],
)
def test_a_value_is_shown_short_and_without_secrets(value: Any, expected: str) -> None:
    assert shown(value) == expected


def test_a_long_text_is_cut_with_a_mark() -> None:
    text = shown("a" * 10_000)
    assert len(text) == SHOWN + 2
    assert text.endswith('…"')


def test_a_path_leads_through_keys_and_places() -> None:
    assert below("$", "jobs", 2, "image_urls", 0) == "$.jobs[2].image_urls[0]"
    assert below("$.metadata", "my key") == '$.metadata["my key"]'
    assert len(below("$", "k" * 10_000)) < 100
