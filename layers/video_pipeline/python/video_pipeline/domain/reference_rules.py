"""What the model takes as a reference, each file by itself and all together [seed]."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from video_pipeline.domain.media import MediaFacts
from video_pipeline.domain.problem import Problem


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from one end to the other, both allowed."""

    least: float
    most: float
    unit: str

    def __contains__(self, value: float) -> bool:
        return self.least <= value <= self.most

    def __str__(self) -> str:
        return f"{self.least:,} to {self.most:,} {self.unit}"


SECONDS = Range(2, 15, "s")
SIDE = Range(300, 6_000, "pixels each")
RATIO = Range(0.4, 2.5, "(width / height)")
FRAME = Range(409_600, 2_086_876, "pixels a frame")
RATE = Range(24, 60, "frames per second")
MOST_SECONDS_TOGETHER = 15

SECONDS_DECIMALS = 1  # encoders pad the last frame of a sound
RATE_DECIMALS = 2  # rates are averages over whole ticks; 23.976 is still less than 24


@dataclass(frozen=True, slots=True)
class Measured:
    """One reference, where it stands in the request, and what it is."""

    field: str
    path: str
    shown: str
    facts: MediaFacts


def each_problems(reference: Measured) -> Iterator[Problem]:
    """Judge one file by itself; its format and size have been judged before."""
    facts = reference.facts
    if facts.seconds is not None and round(facts.seconds, SECONDS_DECIMALS) not in SECONDS:
        yield _problem(
            reference,
            "reference_seconds",
            f"is {facts.seconds:.2f} s long",
            SECONDS,
            "Cut or lengthen it.",
        )
    if facts.width is not None and facts.height is not None:
        yield from _picture_problems(reference, facts.width, facts.height)
    if facts.frames_per_second is not None:
        yield from _rate_problems(reference, facts.frames_per_second)


def together_problems(references: Sequence[Measured]) -> Iterator[Problem]:
    """Judge all videos together, and all sounds together."""
    for field, kind in (("video_urls", "videos"), ("audio_urls", "audio clips")):
        total = seconds_of(field, references)
        several = sum(one.field == field for one in references) > 1
        if several and round(total, SECONDS_DECIMALS) > MOST_SECONDS_TOGETHER:
            yield Problem(
                "reference_total_seconds",
                f"$.{field}",
                f"All {kind} together are {total:.2f} s long, more than the model takes.",
                value=f"{total:.2f} s",
                limit=f"at most {MOST_SECONDS_TOGETHER} s together",
                source="seed",
                fix=f"Shorten the {kind}, or leave one out.",
            )


def seconds_of(field: str, references: Sequence[Measured]) -> float:
    return sum(one.facts.seconds or 0 for one in references if one.field == field)


def _picture_problems(reference: Measured, width: int, height: int) -> Iterator[Problem]:
    size = f"{width} x {height} pixels"
    if not (width in SIDE and height in SIDE):
        fix = "Scale it so that width and height are both within the limit."
        yield _problem(reference, "reference_side", f"is shown at {size}", SIDE, fix)
    if width not in Range(height * RATIO.least, height * RATIO.most, ""):
        ratio = width / height if height else 0
        words = f"is shown at {size}, a ratio of {ratio:.3f}"
        yield _problem(reference, "reference_ratio", words, RATIO, "Crop it.")
    if reference.field == "video_urls" and width * height not in FRAME:
        words = f"is shown at {size}, which are {width * height:,}"
        fix = "Scale it, to 1280 x 720 for example."
        yield _problem(reference, "reference_frame_size", words, FRAME, fix)


def _rate_problems(reference: Measured, rate: float) -> Iterator[Problem]:
    if round(rate, RATE_DECIMALS) not in RATE:
        words = f"has {rate:.3f} frames per second on average"
        fix = "Convert it to a constant 24, 25, 30 or 60 frames per second."
        yield _problem(reference, "reference_frame_rate", words, RATE, fix)


def _problem(reference: Measured, code: str, words: str, limit: Range, fix: str) -> Problem:
    return Problem(
        code,
        reference.path,
        f"The file {words}; the model takes {limit}.",
        value=reference.shown,
        limit=str(limit),
        source="seed",
        fix=fix,
    )
