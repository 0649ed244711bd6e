"""The shapes of the provider's answers: JSON that is believed only as far as it fits.

Sources: the provider's pages on the video API and on task queries, and, where those are silent,
what its own clients expect.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from video_pipeline.domain.credits import to_units
from video_pipeline.domain.redaction import redacted

MESSAGE_LENGTH = 500
LARGEST_NUMBER = 10**12  # whatever is larger is no price, no time and no length

_REQUEST_ID = re.compile(r"(\s*[\[(]\s*request[ _]?id\s*:[^)\]]*[)\]])+\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole HTTP answer, header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - the range that HTTP calls success

    def fields(self) -> Mapping[str, object]:
        """Return the JSON object that the body holds, empty when it holds none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return object_in(found)


@dataclass(frozen=True, slots=True)
class WireError:
    """The contract's error body; both of its styles have one of code and message at least."""

    code: str
    kind: str
    message: str

    @classmethod
    def of(cls, fields: Mapping[str, object]) -> "WireError | None":
        error = object_in(fields.get("error"))
        code, kind = _code(error.get("code")), clean(text_in(error.get("type")))
        message = text_in(error.get("message"))
        if not (code or message):
            return None
        return cls(code, kind, clean(message))

    @property
    def name(self) -> str:
        """Return the word that says most: older pages put the HTTP number where the code is."""
        return self.kind if self.kind and (not self.code or self.code.isdecimal()) else self.code


def clean(message: str) -> str:
    """Return a message fit for a person and a log: short, one line, no links, no keys."""
    flat = " ".join(_REQUEST_ID.sub("", message[: 8 * MESSAGE_LENGTH]).split())
    printable = "".join(character for character in flat if character.isprintable())
    safe = redacted(printable)
    return safe if len(safe) <= MESSAGE_LENGTH else safe[: MESSAGE_LENGTH - 1] + "…"


def object_in(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def text_in(value: object) -> str:
    return value if isinstance(value, str) else ""


def _code(value: object) -> str:
    """Return a business code as text; older pages write a number."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else clean(text_in(value))


def number_in(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if 0 <= value <= LARGEST_NUMBER else None


def units_in(credit_count: object) -> int | None:
    number = number_in(credit_count)
    return None if number is None else to_units(number)
