"""Which keys stand where, and what was probably meant by one that does not."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from types import MappingProxyType

from video_pipeline.domain.problem import Problem, below, clipped, shown
from video_pipeline.domain.request import REFERENCE_LISTS

REQUEST_FIELDS = (
    "prompt",
    *REFERENCE_LISTS,
    "duration",
    "quality",
    "aspect_ratio",
    "generate_audio",
    "content_filter",
)
"""The provider's fields that change the video, in the order in which names get suffixes."""

DEFAULTS_KEYS = ("model", *REQUEST_FIELDS, "metadata", "deadline")
JOB_KEYS = (*DEFAULTS_KEYS, "name", "matrix")
SETTINGS_KEYS = ("$schema", "model", "rerun", "strict", "max_credits")

_TOP = "at the top of the manifest; in JSON Lines that is the first line"
_TOP = "at the top of the manifest; in JSON Lines that is the first line"
_HOMES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys((*SETTINGS_KEYS, "defaults"), _TOP),
        "jobs": "at the top of a .json or .yaml manifest; in JSON Lines every line is a job",
        **dict.fromkeys(DEFAULTS_KEYS, "in defaults or in a job"),
        **dict.fromkeys(("name", "matrix"), "in a job"),
    }
)
_OTHER_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("resolution", "definition"), "quality"),
        **dict.fromkeys(("size", "ratio", "format", "orientation"), "aspect_ratio"),
        **dict.fromkeys(("seconds", "length", "time"), "duration"),
        **dict.fromkeys(("text", "description", "input"), "prompt"),
        **dict.fromkeys(("images", "image", "pictures"), "image_urls"),
        **dict.fromkeys(("videos", "video"), "video_urls"),
        **dict.fromkeys(("audios", "audio", "music", "sound"), "audio_urls"),
        **dict.fromkeys(("tags", "labels"), "metadata"),
        **dict.fromkeys(("id", "title"), "name"),
        **dict.fromkeys(("items", "requests"), "jobs"),
        **dict.fromkeys(("default", "common"), "defaults"),
        "budget": "max_credits",
    }
)
_NOT_OF_THIS_MODEL = frozenset(
    {"model_params", "seed", "n", "negative_prompt", "watermark", "fps", "camera_fixed"}
)
_CALLBACK = (
    "callback_url cannot be set: the pipeline itself is called back when the video is ready, "
    "archives it and then tells everybody who listens."
)
_LONGEST_GUESS = 40


def foreign_keys(
    tree: Mapping[str, object], known: tuple[str, ...], path: str
) -> Iterator[Problem]:
    """Name every key that does not belong into this object."""
    for key in tree:
        if key not in known:
            yield _foreign(key, known, below(path, key))


def _foreign(key: str, known: tuple[str, ...], path: str) -> Problem:
    if key == "callback_url":
        return Problem(
            "callback_url", path, _CALLBACK, fix="Remove it, and subscribe to the event bus."
        )
    if key in _HOMES:
        return Problem(
            "misplaced_key",
            path,
            f"{key} does not belong here.",
            limit=", ".join(known),
            source="pipeline",
            fix=f"Put it {_HOMES[key]}.",
        )
    return Problem(
        "unknown_key",
        path,
        f"There is no key {shown(key)}.",
        value=clipped(key),
        limit=", ".join(known),
        source="seed" if "prompt" in known else "pipeline",
        fix=_suggestion(key, known),
    )


@lru_cache(maxsize=1024)
def _suggestion(key: str, known: tuple[str, ...]) -> str:
    plain = key.casefold().replace("-", "_").replace(" ", "_").strip("_")
    if plain in _NOT_OF_THIS_MODEL:
        return "Remove it: the model has no such setting."
    if meant := _OTHER_WORDS.get(plain) or _closest(plain, known) or _closest(plain, _HOMES):
        return f"Did you mean {meant}?" + f" It stands {_HOMES[meant]}." * (meant not in known)
    return "Remove it."


def _closest(word: str, known: Iterable[str]) -> str | None:
    if len(word) > _LONGEST_GUESS:
        return None
    squeezed = {name.replace("_", ""): name for name in known}
    matches = get_close_matches(word.replace("_", ""), squeezed, n=1, cutoff=0.7)
    return squeezed[matches[0]] if matches else None
