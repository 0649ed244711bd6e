"""YAML text as plain values, read as YAML 1.2 reads it.

YAML 1.1 made `no` false, `16:9` a number of base 60 and `010` eight.
Here only true, false, null and decimal numbers are more than text,
so each of these stays the text that was written.
Tags, anchors, aliases and directives are refused.
"""

import re
from typing import Any

import yaml
from yaml import events

from video_pipeline.adapters.manifest_text import (
    UnreadableError,
    broken_character,
    position,
    repeated_key,
    too_deep,
)
from video_pipeline.domain.findings import Findings
from video_pipeline.domain.limits import LIMITS
from video_pipeline.domain.problem import Problem, below

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,38})")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_HALF = re.compile(r"[\ud800-\udfff]")
_WORDS: dict[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
REFUSED = {
    "yaml_tag": ("has a tag", "Remove the tag; the type follows from the field."),
    "yaml_alias": (
        "uses an anchor or an alias",
        "Write the value out, or put what jobs share into defaults.",
    ),
    "yaml_directive": ("has a directive", "Remove the line that starts with %."),
    "yaml_documents": ("has a second document", "Put every job into one document, under jobs."),
    "yaml_key": ("has a key that is not one word or text", "Write the key as plain text."),
}


def parse_yaml(text: str, findings: Findings) -> object:
    """Return the values of a YAML text; raises UnreadableError when it has none."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder(findings)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.YAMLError as error:
        findings.add([_syntax(error)])
        raise UnreadableError from error
    if builder.is_refused:
        raise UnreadableError
    return builder.tree


_Decorated = events.ScalarEvent | events.CollectionStartEvent


class _Container:
    """A list or an object while it is being filled."""

    def __init__(self, values: list[Any] | dict[str, Any], path: str) -> None:
        self.values = values
        self.path = path
        self.key: str | None = None
        self.places: dict[str, str] = {}

    @property
    def awaits_key(self) -> bool:
        return isinstance(self.values, dict) and self.key is None

    def next_path(self) -> str:
        step = len(self.values) if isinstance(self.values, list) else self.key or ""
        return below(self.path, step)

    def put(self, value: object) -> None:
        if isinstance(self.values, list):
            self.values.append(value)
        else:
            self.values[self.key or ""] = value
            self.key = None


class _Builder:
    """Builds values from parser events, without recursion."""

    def __init__(self, findings: Findings) -> None:
        self.tree: object = None
        self.is_refused = False
        self._findings = findings
        self._stack: list[_Container] = []
        self._documents = 0

    def take(self, event: events.Event) -> None:
        match event:
            case events.DocumentStartEvent():
                self._start_document(event)
            case events.ScalarEvent():
                self._refuse_decoration(event)
                self._take_scalar(event)
            case events.AliasEvent():
                self._refuse("yaml_alias", event)
                self._put(None, event)
            case events.MappingStartEvent():
                self._open({}, event)
            case events.SequenceStartEvent():
                self._open([], event)
            case events.CollectionEndEvent():
                self._stack.pop()

    def _start_document(self, event: events.DocumentStartEvent) -> None:
        self._documents += 1
        if event.version or event.tags:
            self._refuse("yaml_directive", event)
        if self._documents > 1:
            self._refuse("yaml_documents", event)
            raise UnreadableError

    def _refuse_decoration(self, event: _Decorated) -> None:
        if event.tag is not None:
            self._refuse("yaml_tag", event)
        if event.anchor is not None:
            self._refuse("yaml_alias", event)

    def _refuse(self, code: str, event: events.Event) -> None:
        what, fix = REFUSED[code]
        problem = Problem(code, _place(event), f"The YAML {what} here.", fix=fix)
        self.is_refused |= self._findings.add([problem])

    def _open(self, values: list[Any] | dict[str, Any], event: events.CollectionStartEvent) -> None:
        self._refuse_decoration(event)
        path = self._stack[-1].next_path() if self._stack else "$"
        self._put(values, event)
        self._stack.append(_Container(values, path))
        if len(self._stack) > LIMITS["depth"].most:
            self._findings.add([too_deep(_place(event))])
            raise UnreadableError

    def _take_scalar(self, event: events.ScalarEvent) -> None:
        if not event.value.isascii() and _HALF.search(event.value):
            self.is_refused |= self._findings.add([_half(event)])
        if self._stack and self._stack[-1].awaits_key:
            self._take_key(event)
        else:
            self._put(event.value if event.style else _plain(event.value), event)

    def _take_key(self, event: events.ScalarEvent) -> None:
        inside, place = self._stack[-1], _place(event)
        inside.key = event.value
        first = inside.places.setdefault(event.value, place)
        if first != place:
            self._findings.add([repeated_key(inside.next_path(), first, place)])

    def _put(self, value: object, event: events.Event) -> None:
        if not self._stack:
            self.tree = value
            return
        if self._stack[-1].awaits_key:
            self._refuse("yaml_key", event)
            raise UnreadableError
        self._stack[-1].put(value)


def _plain(text: str) -> object:
    """Return what an unquoted word means in YAML 1.2, numbers in decimal only."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _half(event: events.ScalarEvent) -> Problem:
    return broken_character(_place(event), "a lone surrogate")


def _place(event: events.Event) -> str:
    mark = event.start_mark
    return position(mark.line + 1, mark.column + 1) if mark else "$"


def _syntax(error: yaml.YAMLError) -> Problem:
    return Problem(
        "yaml_syntax",
        _place_of_error(error),
        f"The text is not valid YAML: {_reason(error)}.",
        fix="Check indentation, quotes and colons here; put quotes around text with : or # in it.",
    )


def _place_of_error(error: yaml.YAMLError) -> str:
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    return position(mark.line + 1, mark.column + 1) if mark else "$"


def _reason(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError):
        return error.problem or error.context or "it breaks off"
    return "it holds a character that YAML does not allow"
