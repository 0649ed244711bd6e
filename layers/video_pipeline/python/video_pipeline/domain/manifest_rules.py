"""Rules that look at more than the type and the range of one field."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache

from video_pipeline.domain.limits import LIMITS
from video_pipeline.domain.problem import Problem, below, shown
from video_pipeline.domain.prompt_mentions import mentions
from video_pipeline.domain.request import REFERENCE_LISTS, VideoRequest

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
Place = Callable[[str], str]
_KIND = {"image_urls": "image", "video_urls": "video", "audio_urls": "audio"}


def missing_parts(
    fields: Mapping[str, object], unsound: frozenset[str], path: str
) -> Iterator[Problem]:
    """Say what a job lacks; a field that is wrong anyway does not count as lacking."""
    if "prompt" not in fields and "prompt" not in unsound:
        yield Problem(
            "prompt_missing",
            path,
            "The job has no prompt.",
            source="seed",
            fix="Say in prompt what the video shows.",
        )
    if not any(fields.get(name) or name in unsound for name in ("image_urls", "video_urls")):
        yield _no_picture(path, has_audio=bool(fields.get("audio_urls")))


def _no_picture(path: str, *, has_audio: bool) -> Problem:
    fix = "Add an image to image_urls or a video to video_urls."
    limit = "at least 1 image or 1 video"
    if has_audio:
        message = "The job has audio, but neither image nor video."
        return Problem("audio_alone", path, message, limit=limit, source="seed", fix=fix)
    message = "The job has no reference: neither image nor video."
    return Problem("media_missing", path, message, limit=limit, source="docs", fix=fix)


def text_problems(text: str, path: str) -> Iterator[Problem]:
    if found := _CONTROL.search(text):
        yield Problem(
            "control_character",
            path,
            f"The text holds the control character U+{ord(found[0]):04X}.",
            fix="Remove it; most likely it was copied by accident.",
        )


def metadata_problems(metadata: Mapping[str, str], path: str) -> Iterator[Problem]:
    keys, size = len(metadata), sum(len((key + text).encode()) for key, text in metadata.items())
    if keys > LIMITS["metadata"].most:
        yield too_much_metadata("metadata", f"{keys:,} keys", path)
    if size > LIMITS["metadata size"].most:
        yield too_much_metadata("metadata size", f"{size:,} bytes", path)
    for key, text in metadata.items():
        yield from text_problems(key + text, below(path, key))


def too_much_metadata(limit: str, amount: str, path: str) -> Problem:
    return Problem(
        "metadata_too_large",
        path,
        f"The metadata has {amount}.",
        value=amount,
        limit=str(LIMITS[limit]),
        source=LIMITS[limit].source,
        fix="Keep what events and receipts need; put the rest elsewhere, under a key named here.",
    )


def deadline_of(text: str, path: str) -> datetime | Problem:
    """Return the instant in UTC; the form of the text was checked before."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return Problem(
            "deadline_invalid",
            path,
            f"{shown(text)} is no date and time that exists.",
            value=shown(text),
            fix="Check month, day, hour and zone, as in 2026-12-24T18:00:00Z.",
        )


def advice(request: VideoRequest, place: Place) -> Iterator[Problem]:
    """Say what is allowed but probably not meant; `place` tells where a field was written."""
    yield from _long_prompt(request.prompt, place)
    yield from _mentions(request, place)
    yield from _repeated_references(request, place)


def _long_prompt(prompt: str, place: Place) -> Iterator[Problem]:
    limit = LIMITS["prompt advice"]
    if len(prompt) > limit.most and (count := _chinese_characters(prompt)) > limit.most:
        yield Problem(
            "prompt_long",
            place("prompt"),
            f"The prompt has {count:,} Chinese characters.",
            value=f"{count:,}",
            limit=str(limit),
            source=limit.source,
            fix="Shorten it: the model follows short prompts better.",
        )


@lru_cache(maxsize=4)  # jobs of one matrix or one default share their prompt
def _chinese_characters(prompt: str) -> int:
    return len(_CHINESE.findall(prompt))


def _mentions(request: VideoRequest, place: Place) -> Iterator[Problem]:
    named = mentions(request.prompt)
    for field, number in named:
        count = len(getattr(request, field))
        if not 1 <= number <= count:
            yield _mention_of_nothing(_KIND[field], number, count, place("prompt"))
    for field in REFERENCE_LISTS if named else ():
        for index, reference in enumerate(getattr(request, field)):
            if (field, index + 1) not in named:
                yield _never_mentioned(_KIND[field], index, reference, below(place(field), index))


def _mention_of_nothing(kind: str, number: int, count: int, path: str) -> Problem:
    return Problem(
        "mention_unknown",
        path,
        f"The prompt names {kind} {number}, but the job has {count or 'none'}.",
        value=f"{kind} {number}",
        limit=_numbered(kind, count),
        source="seed",
        fix=f"Count from 1 in the order of {kind}_urls, or add the reference.",
    )


def _numbered(kind: str, count: int) -> str:
    if count == 0:
        return f"no {kind}"
    return f"{kind} 1 alone" if count == 1 else f"{kind} 1 to {kind} {count}"


def _never_mentioned(kind: str, index: int, reference: str, path: str) -> Problem:
    return Problem(
        "reference_unmentioned",
        path,
        f"The prompt names other references, but never {kind} {index + 1}.",
        value=shown(reference),
        source="seed",
        fix=f'Say what it is for, as in "use {kind} {index + 1} as …", or remove it.',
    )


def _repeated_references(request: VideoRequest, place: Place) -> Iterator[Problem]:
    for field in REFERENCE_LISTS:
        references: tuple[str, ...] = getattr(request, field)
        for index, reference in enumerate(references):
            if reference in references[:index]:
                yield Problem(
                    "reference_repeated",
                    below(place(field), index),
                    f"The same {_KIND[field]} stands twice in {field}.",
                    value=shown(reference),
                    fix="Remove one of the two; reference videos are billed by the second.",
                )
