"""What the watched functions have written down, read as it grows."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Point = tuple[str, str, int, str]
"""Function, call, ordinal within its invocation, and `before` or `after`."""


def in_words(point: Point) -> str:
    function, call, ordinal, side = point
    return f"{side} {call} ({ordinal}) of {function}"


@dataclass
class Records:
    """Points in the order in which each subject passed them, blows that killed, messages taken."""

    folder: Path
    ways: dict[str, list[Point]] = field(default_factory=lambda: defaultdict(list))
    struck: dict[str, list[Point]] = field(default_factory=lambda: defaultdict(list))
    orders: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _read: dict[Path, int] = field(default_factory=dict)

    def refresh(self) -> None:
        lines = [line for file in self.folder.iterdir() for line in self._new_lines(file)]
        for line in sorted(lines, key=lambda line: float(line["at"])):
            self._take(line)

    def points(self) -> set[Point]:
        return {point for way in self.ways.values() for point in way}

    def struck_points(self) -> set[Point]:
        return {point for struck in self.struck.values() for point in struck}

    def deaths_of(self, function: str) -> int:
        """Count how often a function was killed."""
        return sum(point[0] == function for struck in self.struck.values() for point in struck)

    def _new_lines(self, file: Path) -> list[dict[str, Any]]:
        with file.open("rb") as book:
            book.seek(self._read.get(file, 0))
            whole, newline, _ = book.read().rpartition(b"\n")
        self._read[file] = self._read.get(file, 0) + len(whole) + len(newline)
        return [json.loads(line) for line in whole.splitlines()]

    def _take(self, line: dict[str, Any]) -> None:
        subject = line["subject"]
        if line.get("event"):
            if line["function"] == "submit_job":
                self.orders[subject] += [each["body"] for each in line["event"]["Records"]]
            return
        if "call" in line:
            point = (line["function"], line["call"], line["ordinal"], line["side"])
            self.ways[subject].append(point)
            if line["kills"]:
                self.struck[line["blow"]].append(point)
