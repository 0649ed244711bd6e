"""The provider's limits on reference media, each and together (contract 2.3, all [seed])."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from provider_emulator.media.facts import Kind, MediaFacts

MOST_ITEMS = {"image": 9, "video": 3, "audio": 3}
MOST_MEGABYTES = {"image": 30, "video": 50, "audio": 15}
SECONDS_EACH = (2.0, 15.0)
SECONDS_TOGETHER = 15.0
RATIO = (0.4, 2.5)
SIDE_PIXELS = (300, 6000)
VIDEO_PIXELS = (409_600, 2_086_876)
FRAMES_PER_SECOND = (24.0, 60.0)
FORMATS = {"image": "JPEG, PNG or WebP", "video": "MP4 or MOV", "audio": "WAV or MP3"}

# Decimal or binary megabytes is not stated (contract 2.3); the smaller is the safe reading.
MEGABYTE = 1_000_000
# Encoders pad the last frame of a sound, so a length is compared as people say it, to 0.1 s.
SECONDS_DECIMALS = 1
# Frame rates are averages over whole ticks; 23.976 is still less than 24.
RATE_DECIMALS = 2

# Which business code fits is our reading of contract 5.3; `invalid_audio` is named there only.
_WRONG_KIND_CODES = {
    "image": "image_processing_error",
    "video": "invalid_parameters",
    "audio": "invalid_audio",
}
_LENGTH_CODES = {"video": "invalid_parameters", "audio": "invalid_audio"}


@dataclass(frozen=True)
class MediaProblem:
    """One broken limit; `index` counts from 0 as the request's array does, None means together."""

    index: int | None
    code: str
    message: str


def check_media(kind_wanted: Kind, facts: Sequence[MediaFacts]) -> list[MediaProblem]:
    each = [
        problem
        for index, item in enumerate(facts)
        for problem in _problems_of_one(kind_wanted, index, item)
    ]
    return each + list(_problems_together(kind_wanted, facts))


def unreadable_problem(kind_wanted: Kind, index: int, reason: object) -> MediaProblem:
    """Tell what is wrong with an item that could not be fetched or read."""
    message = f"{kind_wanted} {index + 1} cannot be used: {reason}"
    return MediaProblem(index, _WRONG_KIND_CODES[kind_wanted], message)


def _problems_of_one(kind_wanted: Kind, index: int, facts: MediaFacts) -> Iterator[MediaProblem]:
    name = f"{kind_wanted} {index + 1}"
    if facts.kind != kind_wanted:
        found = f"{facts.format.upper()} {facts.kind}"
        message = f"{name} is a file of another kind ({found}); allowed is {FORMATS[kind_wanted]}."
        yield MediaProblem(index, _WRONG_KIND_CODES[kind_wanted], message)
        return
    for message in (*_size_messages(name, facts), *_picture_messages(name, facts)):
        yield MediaProblem(index, "invalid_parameters", message)
    for message in _length_messages(name, facts):
        yield MediaProblem(index, _LENGTH_CODES[kind_wanted], message)


def _size_messages(name: str, facts: MediaFacts) -> Iterator[str]:
    limit = MOST_MEGABYTES[facts.kind]
    if facts.bytes > limit * MEGABYTE:
        megabytes = facts.bytes / MEGABYTE
        yield f"{name} is {megabytes:.2f} MB ({facts.bytes} bytes); the limit is {limit} MB."


def _length_messages(name: str, facts: MediaFacts) -> Iterator[str]:
    least, most = SECONDS_EACH
    if facts.seconds is None or least <= round(facts.seconds, SECONDS_DECIMALS) <= most:
        return
    yield f"{name} is {facts.seconds:.2f} s long; allowed is {least:g} to {most:g} s."


def _picture_messages(name: str, facts: MediaFacts) -> Iterator[str]:
    if facts.width is None or facts.height is None:
        return
    shown = f"{name} is {facts.width}x{facts.height} pixels"
    least, most = SIDE_PIXELS
    if not (least <= facts.width <= most and least <= facts.height <= most):
        yield f"{shown}; width and height must each be {least} to {most} pixels."
    ratio, (narrowest, widest) = facts.width / facts.height, RATIO
    if not narrowest <= ratio <= widest:
        yield f"{shown}, a ratio of {ratio:.3f}; width/height must be {narrowest} to {widest}."
    if facts.kind == "video":
        yield from _video_messages(name, facts, facts.width * facts.height)


def _video_messages(name: str, facts: MediaFacts, pixels: int) -> Iterator[str]:
    least, most = VIDEO_PIXELS
    if not least <= pixels <= most:
        yield (
            f"{name} is {facts.width}x{facts.height}, {pixels} pixels a frame;"
            f" allowed is {least} to {most}."
        )
    slowest, fastest = FRAMES_PER_SECOND
    rate = round(facts.frames_per_second or 0, RATE_DECIMALS)
    if not slowest <= rate <= fastest:
        yield f"{name} has {rate:g} frames per second; allowed is {slowest:g} to {fastest:g}."


def _problems_together(kind: Kind, facts: Sequence[MediaFacts]) -> Iterator[MediaProblem]:
    if len(facts) > MOST_ITEMS[kind]:
        message = f"{len(facts)} {kind}s are given; at most {MOST_ITEMS[kind]} are allowed."
        yield MediaProblem(None, "invalid_parameters", message)
    total = sum(item.seconds or 0 for item in facts if item.kind == kind)
    if kind != "image" and len(facts) > 1 and round(total, SECONDS_DECIMALS) > SECONDS_TOGETHER:
        limit = f"at most {SECONDS_TOGETHER:g} s are allowed"
        message = f"All {kind}s together are {total:.2f} s long; {limit}."
        yield MediaProblem(None, _LENGTH_CODES[kind], message)
