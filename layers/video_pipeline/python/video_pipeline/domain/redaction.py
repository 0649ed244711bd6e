"""What must not be read by whoever reads a log or a support case: keys, links, tokens."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

SECRET_NAMES = frozenset({"prompt", "link", "token", "tasktoken", "call_id"})
"""Fields that hold what only the pipeline and its owner may know, in lower case."""

_LINK = re.compile(r"https?://[^\s\"'<>\\]+", re.IGNORECASE)
_KEY = re.compile(r"\bsk-[\w-]{4,}|\bbearer\s+[^\s\"'\\]+", re.IGNORECASE)
_TASK_TOKEN = re.compile(r"\bAQC[\w+/=-]{20,}")
_CAPABILITY = re.compile(r"/callbacks/[^\s\"'<>\\]+")
_SIGNATURE = re.compile(r"\bX-Amz-[A-Za-z-]+=[^\s&\"'\\]+")


def redacted(text: str) -> str:
    """Return a text in which links show their host alone, and secrets only that they were there."""
    text = _KEY.sub("[key]", _LINK.sub(_host_alone, text))
    text = _TASK_TOKEN.sub("[token]", text)
    return _SIGNATURE.sub("[signature]", _CAPABILITY.sub("/callbacks/[capability]", text))


def redacted_fields(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a document without secrets, by the names of its fields and by their looks."""
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, Mapping):
        return {name: _field(name, part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [redacted_fields(part) for part in value]
    return value


def _field(name: str, value: Any) -> Any:  # noqa: ANN401 - any JSON
    if name.lower() in SECRET_NAMES and isinstance(value, str):
        return f"[{name} of {len(value):,} characters]"
    return redacted_fields(value)


def _host_alone(link: re.Match[str]) -> str:
    try:
        return f"[link to {urlsplit(link[0]).hostname}]"
    except ValueError:
        return "[link]"
