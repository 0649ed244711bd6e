"""Figures over time, read from the log as CloudWatch reads them, and cut into periods."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from local_stack.stack_file import Stack

Name = tuple[str, frozenset[tuple[str, str]]]
"""A metric's name and its dimensions."""
Points = list[tuple[float, float]]
MANY = 0.95


@dataclass(frozen=True)
class Recorded:
    """Every figure with its instants, in seconds since the first one."""

    points: dict[Name, Points]
    seconds: float

    def named(self, metric: str) -> list[Name]:
        """Return every name of a metric, whatever its dimensions are."""
        return sorted((name for name in self.points if name[0] == metric), key=repr)

    def cut(self, name: Name, stat: str, periods: int) -> list[float | None]:
        """Return one value for each period; a gauge holds until it is told anew."""
        buckets: list[list[float]] = [[] for _ in range(periods)]
        for at, value in self.points.get(name, []):
            buckets[min(int(at / self.seconds * periods), periods - 1)].append(value)
        values = [_value(bucket, stat) for bucket in buckets]
        return _held(values) if stat == "Maximum" else values


def _value(bucket: Sequence[float], stat: str) -> float | None:
    if stat == "Sum":
        return sum(bucket)
    if not bucket:
        return None
    return max(bucket) if stat == "Maximum" else sorted(bucket)[int(MANY * (len(bucket) - 1))]


def _held(values: Iterable[float | None]) -> list[float | None]:
    held: list[float | None] = []
    for value in values:
        held.append(value if value is not None or not held else held[-1])
    return held


def read(stack: Stack, log_group: str, since: float) -> Recorded:
    """Read every figure that a stack's functions have told since an instant, in Unix seconds."""
    pages = stack.clients().of("logs").get_paginator("filter_log_events")
    lines = (
        event["message"]
        for page in pages.paginate(
            logGroupName=log_group,
            filterPattern='"CloudWatchMetrics"',
            startTime=int(since * 1000),
        )
        for event in page["events"]
    )
    told = (json.loads(line) for line in lines if line.startswith('{"_aws"'))
    return recorded(line for line in told if line["_aws"]["Timestamp"] >= since * 1000)


def recorded(lines: Iterable[dict[str, Any]]) -> Recorded:
    found: defaultdict[Name, Points] = defaultdict(list)
    for line in lines:
        at = line["_aws"]["Timestamp"] / 1000
        for name, value in _figures(line):
            found[name].append((at, value))
    instants = [at for points in found.values() for at, _ in points]
    first, last = min(instants, default=0.0), max(instants, default=1.0)
    shifted = {
        name: [(at - first, value) for at, value in sorted(points)]
        for name, points in found.items()
    }
    return Recorded(shifted, max(last - first, 1.0))


def _figures(line: dict[str, Any]) -> Iterator[tuple[Name, float]]:
    (described,) = line["_aws"]["CloudWatchMetrics"]
    dimensions = frozenset((name, line[name]) for name in described["Dimensions"][0])
    for metric in described["Metrics"]:
        yield (metric["Name"], dimensions), line[metric["Name"]][0]
