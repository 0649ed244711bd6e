"""Output pixel sizes by the provider's table, and what `adaptive` chooses."""

import math
import re
from collections.abc import Sequence

from provider_emulator.media.facts import MediaFacts

OUTPUT_SIZES = {  # contract 2.2 [seed]
    ("16:9", "480p"): (864, 496),
    ("4:3", "480p"): (752, 560),
    ("1:1", "480p"): (640, 640),
    ("3:4", "480p"): (560, 752),
    ("9:16", "480p"): (496, 864),
    ("21:9", "480p"): (992, 432),
    ("16:9", "720p"): (1280, 720),
    ("4:3", "720p"): (1112, 834),
    ("1:1", "720p"): (960, 960),
    ("3:4", "720p"): (834, 1112),
    ("9:16", "720p"): (720, 1280),
    ("21:9", "720p"): (1470, 630),
}
RATIOS = tuple(dict.fromkeys(ratio for ratio, _ in OUTPUT_SIZES))
FALLBACK_RATIO = "16:9"

# The provider says "prompt intent" and no more (contract 2.2); these words are our guess.
_PROMPT_WORDS = {
    "21:9": ("ultrawide", "ultra-wide", "cinemascope", "超宽"),
    "9:16": ("vertical", "portrait", "upright", "竖屏", "竖版"),
    "1:1": ("square", "方形", "正方"),
    "16:9": ("widescreen", "landscape format", "横屏", "横版"),
}


def adaptive_ratio(
    video_facts: Sequence[MediaFacts], image_facts: Sequence[MediaFacts], prompt: str
) -> str:
    """Choose the ratio by the first video, else the first image, else the prompt."""
    for facts in (*video_facts[:1], *image_facts[:1]):
        if facts.width and facts.height:
            return nearest_ratio(facts.width, facts.height)
    return _ratio_in_words(prompt) or FALLBACK_RATIO


def nearest_ratio(width: int, height: int) -> str:
    return min(RATIOS, key=lambda ratio: abs(math.log(width / height / _quotient(ratio))))


def _quotient(ratio: str) -> float:
    width, height = ratio.split(":")
    return int(width) / int(height)


def _ratio_in_words(prompt: str) -> str | None:
    spelled = re.search(rf"(?<![\d:])({'|'.join(RATIOS)})(?![\d:])", prompt.replace("\uff1a", ":"))
    if spelled:
        return spelled[1]
    lowered = prompt.lower()
    for ratio, words in _PROMPT_WORDS.items():
        if any(word in lowered for word in words):
            return ratio
    return None
