"""Which references a prompt speaks of: "image 1", "@image1", "videos 1 and 2", "图片1"."""

import re
from collections.abc import Iterator
from functools import lru_cache

_KINDS = {
    "image": "image_urls",
    "video": "video_urls",
    "audio": "audio_urls",
    "图": "image_urls",
    "图片": "image_urls",
    "视频": "video_urls",
    "音频": "audio_urls",
}
_NUMBER = r"\d{1,3}(?!\d|[.:]\d|\s?%|[A-Za-z])"
_JOIN = r"\s*(?:,\s*and|,|&|and|to|through|-|、|和|与|至|到)\s*"
_MENTION = re.compile(
    rf"(?<![A-Za-z])@?(?:(image|video|audio)s?[ _#]{{0,2}}|(图片|图|视频|音频)\s?)"
    rf"({_NUMBER}(?:{_JOIN}{_NUMBER})*)",
    re.IGNORECASE,
)
_PART = re.compile(r"(to|through|-|至|到)|(\d+)", re.IGNORECASE)

_WIDEST_RANGE = 10


@lru_cache(maxsize=4)  # jobs of one matrix or one default share their prompt
def mentions(prompt: str) -> tuple[tuple[str, int], ...]:
    """Return the list and the one-based number of every reference that the prompt names, once."""
    return tuple(dict.fromkeys(_mentions(prompt)))


def _mentions(prompt: str) -> Iterator[tuple[str, int]]:
    for found in _MENTION.finditer(prompt):
        field = _KINDS[(found[1] or found[2]).lower()]
        for number in _numbers(found[3]):
            yield field, number


def _numbers(text: str) -> Iterator[int]:
    last, is_range = 0, False
    for join, digits in _PART.findall(text):
        if join:
            is_range = True
            continue
        number = int(digits)
        if is_range and number - last <= _WIDEST_RANGE:
            yield from range(last + 1, number)
        yield number
        last, is_range = number, False
