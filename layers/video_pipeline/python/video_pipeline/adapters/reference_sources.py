"""What a place is where references lie: named by version, and read by ranges."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Protocol

from video_pipeline.domain.media import MediaVersion

_TOTAL = re.compile(r"\s*bytes\s+[^/]*/\s*([0-9]{1,18})\s*")


class UnfitError(Exception):
    """A reference cannot be used as it stands; `code` is stable, `fix` says what to do.

    With `may_come` it names an object that somebody may still upload.
    """

    def __init__(self, code: str, message: str, fix: str, *, may_come: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.fix = fix
        self.may_come = may_come


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes of a file, and the size and version of the whole where they are told.

    A host that takes no ranges sends the beginning, whatever was asked for.
    """

    content: bytes
    total: int | None
    is_range: bool = True
    version: MediaVersion | None = None


class Ranges(Protocol):
    def read(self, first_byte: int, last_byte: int) -> Part:
        """Read a range; raises UnfitError when the user must mend the reference."""
        ...


class Source(Ranges, Protocol):
    """One referenced file, read by ranges."""

    @property
    def shown(self) -> str:
        """Return where the file lies, without what may be a signature."""
        ...

    @property
    def path(self) -> str: ...

    def look(self) -> MediaVersion | None:
        """Name the version without reading it, where the host can; raises UnfitError."""
        ...


def missing(*, may_come: bool = False) -> UnfitError:
    return UnfitError(
        "reference_missing",
        "There is no such file.",
        "Check the spelling, capital letters included, or upload the file first.",
        may_come=may_come,
    )


def empty() -> UnfitError:
    return UnfitError("reference_empty", "The file is empty.", "Upload the file again.")


def total_of(content_range: str) -> int | None:
    told = _TOTAL.fullmatch(content_range)
    return int(told[1]) if told else None


def digest_of(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
