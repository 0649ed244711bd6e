"""What a person writes on the command line to choose jobs."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from video_pipeline.domain.job import JobState
from video_pipeline.domain.reasons import NEXT_STEPS
from video_pipeline_cli.answer import WRONG_USAGE, CommandError

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SPAN = re.compile(r"(\d+(?:\.\d+)?)([smhd])")


def instant(text: str | None, now: datetime) -> datetime | None:
    """Read `90m`, `12h`, `7d` as so long ago, or a date or time of ISO 8601 as UTC."""
    if text is None:
        return None
    if found := _SPAN.fullmatch(text):
        return now - timedelta(**{UNITS[found[2]]: float(found[1])})
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            f"{text} is no time: write 90m, 12h or 7d for so long ago, or 2026-11-24T12:00.",
            WRONG_USAGE,
        ) from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def states(words: Iterable[str]) -> frozenset[str]:
    return _known(words, {state.value for state in JobState}, "state")


def reasons(words: Iterable[str]) -> frozenset[str]:
    return _known(words, set(NEXT_STEPS), "reason")


def _known(words: Iterable[str], known: set[str], kind: str) -> frozenset[str]:
    chosen = frozenset(words)
    if strange := sorted(chosen - known):
        raise CommandError(
            f"{strange[0]} is no {kind}; there are {', '.join(sorted(known))}.", WRONG_USAGE
        )
    return chosen


def metadata(words: Iterable[str]) -> dict[str, str]:
    pairs = [word.partition("=") for word in words]
    for name, sign, _ in pairs:
        if not (name and sign):
            raise CommandError(f"{name} is no pair: write --metadata NAME=TEXT.", WRONG_USAGE)
    return {name: text for name, _, text in pairs}
