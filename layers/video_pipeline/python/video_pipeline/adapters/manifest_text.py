"""What JSON and YAML have in common: how a text can be wrong before it means anything."""

import codecs
from dataclasses import dataclass

from video_pipeline.domain.findings import Findings
from video_pipeline.domain.limits import LIMITS
from video_pipeline.domain.problem import Problem

_OTHER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_FIX_ENCODING = "Save the file as UTF-8."


@dataclass(frozen=True, slots=True)
class Body:
    """A file that is in memory already."""

    content: bytes

    @property
    def size(self) -> int:
        return len(self.content)

    def read(self, first_byte: int, length: int) -> bytes:
        return self.content[first_byte : first_byte + length]


class UnreadableError(Exception):
    """The text means nothing; what is wrong with it is already among the findings."""


def decoded(body: bytes, findings: Findings, *, first_line: int = 1) -> str:
    """Return UTF-8 bytes as text without a byte order mark, or raise UnreadableError."""
    if body.startswith(_OTHER_MARKS) or b"\0" in body[:2]:
        findings.add([_not_utf8("$", "The file is UTF-16 or UTF-32.")])
        raise UnreadableError
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = first_line + body.count(b"\n", 0, error.start)
        column = error.start - body.rfind(b"\n", 0, error.start)
        message = f"The byte 0x{body[error.start]:02X} is not UTF-8 here."
        findings.add([_not_utf8(position(line, column), message)])
        raise UnreadableError from error


def position(line: int, column: int) -> str:
    return f"line {line}, column {column}"


def _not_utf8(path: str, message: str) -> Problem:
    return Problem("file_encoding", path, message, limit="UTF-8", fix=_FIX_ENCODING)


def repeated_key(path: str, first: str, again: str) -> Problem:
    return Problem(
        "duplicate_key",
        path,
        f"The key stands twice in the same object: at {first}, and again at {again}.",
        fix="Remove one of the two.",
    )


def broken_character(path: str, escape: str) -> Problem:
    return Problem(
        "broken_character",
        path,
        "The text holds half of a character (a lone surrogate).",
        value=escape,
        fix="Write the whole character, or remove the escape.",
    )


def too_deep(path: str) -> Problem:
    return Problem(
        "too_deep",
        path,
        "The text is nested too deeply.",
        limit=str(LIMITS["depth"]),
        source=LIMITS["depth"].source,
        fix="Remove brackets; no manifest needs more than six levels.",
    )
