from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"
    UNKNOWN = "unknown"  # it could not be asked


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and how it is mended when it is not well."""

    subject: str
    verdict: Verdict
    words: str
    fix: str | None = None


def ok(subject: str, words: str) -> Finding:
    return Finding(subject, Verdict.OK, words)


def warning(subject: str, words: str, fix: str) -> Finding:
    return Finding(subject, Verdict.WARNING, words, fix)


def wrong(subject: str, words: str, fix: str) -> Finding:
    return Finding(subject, Verdict.WRONG, words, fix)


def unknown(subject: str, words: str, fix: str) -> Finding:
    return Finding(subject, Verdict.UNKNOWN, words, fix)
