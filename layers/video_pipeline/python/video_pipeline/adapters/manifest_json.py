"""JSON text as plain values, told where it breaks and where a key stands twice."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from video_pipeline.adapters.manifest_text import (
    UnreadableError,
    broken_character,
    position,
    repeated_key,
    too_deep,
)
from video_pipeline.domain.findings import Findings
from video_pipeline.domain.problem import Problem, below

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],]|-?(?:NaN|Infinity)')
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)"
)
_LONG_NUMBER = 40
_HINTS = {
    "'": "JSON needs double quotes around keys and texts.",
    "#": "JSON has no comments; a YAML file (.yaml) may have them.",
    "/": "JSON has no comments; a YAML file (.yaml) may have them.",
    "}": "Remove the comma before the closing bracket, or add what is missing.",
    "]": "Remove the comma before the closing bracket, or add what is missing.",
    ",": "Remove the comma, or add what should follow it.",
    "\\": "Write \\\\ for a backslash; paths use /.",
    "": "A bracket or a quote is still open; in a .jsonl file each job is one line.",
    "{": "Put a comma between objects; one object per line belongs into a .jsonl file.",
    '"': "Put a comma between the entries.",
    "\n": "Close the quote on the same line; a line break in a text is written \\n.",
}


def parse_json(text: str, findings: Findings, *, path: str = "$", first_line: int = 1) -> object:
    """Return the values of a JSON text; raises UnreadableError when it has none."""
    reader = _Reader(text, first_line)
    if findings.add(reader.why_unreadable(path)):
        raise UnreadableError
    findings.add(reader.repeated_keys(path))
    return reader.tree


class _Reader:
    def __init__(self, text: str, first_line: int) -> None:
        self.text = text
        self.first_line = first_line
        self.tree: object = None
        self._has_repeated_key = False
        self._has_constant = False

    def why_unreadable(self, path: str) -> Iterator[Problem]:
        try:
            self.tree = json.loads(
                self.text,
                object_pairs_hook=self._object,
                parse_constant=self._constant,
                parse_int=_integer,
            )
        except json.JSONDecodeError as error:
            yield self._broken(error.pos, f"is not valid JSON: {error.msg}", self._hint(error))
        except RecursionError:
            yield too_deep(path)
        else:
            yield from self._constants()
            yield from self._half_characters()

    def repeated_keys(self, path: str) -> Iterator[Problem]:
        if self._has_repeated_key:
            for steps, first, again in _repeated_keys(self.text):
                yield repeated_key(
                    below(path, *steps), self._position(first), self._position(again)
                )

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        tree = dict(pairs)
        self._has_repeated_key |= len(tree) < len(pairs)
        return tree

    def _constant(self, _: str) -> None:
        self._has_constant = True

    def _constants(self) -> Iterator[Problem]:
        if self._has_constant:
            for token in _TOKEN.finditer(self.text):
                if token[0][-1] in "Ny":
                    fix = "Write a finite number, or leave the key out."
                    yield self._broken(token.start(), f"holds {token[0]}, which is no JSON", fix)

    def _half_characters(self) -> Iterator[Problem]:
        if "\\ud" not in self.text.lower():
            return
        for escape in _ESCAPE.finditer(self.text):
            if escape["half"]:
                yield broken_character(self._position(escape.start()), escape[0])

    def _broken(self, offset: int, what: str, fix: str) -> Problem:
        return Problem("json_syntax", self._position(offset), f"The text {what}.", fix=fix)

    def _hint(self, error: json.JSONDecodeError) -> str:
        offset = len(self.text) if error.msg.startswith("Unterminated") else error.pos
        return _HINTS.get(self.text[offset : offset + 1], "Mend the text at this place.")

    def _position(self, offset: int) -> str:
        line = self.text.count("\n", 0, offset)
        column = offset - self.text.rfind("\n", 0, offset)
        return position(self.first_line + line, column)


def _integer(digits: str) -> int | float:
    """Return a number of any length without the time and the limit that long ones cost."""
    return int(digits) if len(digits) < _LONG_NUMBER else float(digits)


@dataclass(slots=True)
class _Frame:
    """An object or list that the scan is inside of."""

    seen: dict[str, int] | None
    step: str | int = 0
    awaits_key: bool = True


def _repeated_keys(text: str) -> Iterator[tuple[list[str | int], int, int]]:
    """Scan a valid JSON text for keys that stand twice: their path and both offsets."""
    frames: list[_Frame] = []
    for token in _TOKEN.finditer(text):
        match token[0]:
            case "{":
                frames.append(_Frame({}))
            case "[":
                frames.append(_Frame(None))
            case "}" | "]":
                frames.pop()
            case ",":
                _advance(frames[-1])
            case literal if frames and frames[-1].seen is not None and frames[-1].awaits_key:
                frame = frames[-1]
                frame.step, frame.awaits_key = json.loads(literal), False
                first = frames[-1].seen.setdefault(str(frame.step), token.start())
                if first != token.start():
                    yield [outer.step for outer in frames], first, token.start()


def _advance(frame: _Frame) -> None:
    frame.awaits_key = True
    if isinstance(frame.step, int) and frame.seen is None:
        frame.step += 1
