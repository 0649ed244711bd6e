"""What is wrong with something that a user handed in, told so that the user can mend it."""

import json
import math
import re
from dataclasses import dataclass

SHOWN = 80
_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]*")
_CREDENTIALS = re.compile(r"://[^/\s?#]*@")
_QUERY = re.compile(r"(://[^\s?]*\?)\S+")


@dataclass(frozen=True, slots=True)
class Problem:
    """One error or warning.

    `code` is stable, `path` a JSON path ("$.jobs[2].duration") or "line 3, column 7",
    `value` what stood there, `limit` what is allowed, `source` who says so, `fix` what to do.
    """

    code: str
    path: str
    message: str
    value: str | None = None
    limit: str | None = None
    source: str | None = None
    fix: str | None = None


def shown(value: object) -> str:
    """Return a value as a person may see it: short, and without the secrets of a link."""
    if isinstance(value, str):
        return json.dumps(clipped(value), ensure_ascii=False)
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return f"an object with {len(value)} key{'s' * (len(value) != 1)}"
    if isinstance(value, float) and not math.isfinite(value):
        return "a number too large to hold"
    return json.dumps(value)


def clipped(text: str) -> str:
    """Return the beginning of a text, links without what may be a signature or a password."""
    head = _QUERY.sub(r"\1…", _CREDENTIALS.sub("://…@", text[: 50 * SHOWN]))
    return head if len(head) <= SHOWN else head[: SHOWN - 1] + "…"


def below(path: str, *steps: str | int) -> str:
    """Return the JSON path of something inside what `path` names."""
    return path + "".join(map(_step, steps))


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _IDENTIFIER.fullmatch(step) and len(step) <= SHOWN else f"[{shown(step)}]"
