"""The widgets of a dashboard's body, each with the curves that its metrics come to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dashboard.series import Name, Recorded

PERIODS = 60


@dataclass(frozen=True)
class Curve:
    label: str
    values: list[float | None]

    @property
    def last(self) -> float:
        return next((value for value in reversed(self.values) if value is not None), 0.0)

    @property
    def total(self) -> float:
        return sum(value for value in self.values if value is not None)


@dataclass(frozen=True)
class Widget:
    """One field of the grid; `kind` is `singleValue`, `timeSeries` or `alarm`."""

    x: int
    y: int
    width: int
    height: int
    title: str
    kind: str
    stacked: bool
    curves: tuple[tuple[Curve, str], ...]
    alarms: tuple[str, ...] = ()


def widgets_of(body: dict[str, Any], recorded: Recorded) -> list[Widget]:
    return [_widget(widget, recorded) for widget in body["widgets"]]


def _widget(widget: dict[str, Any], recorded: Recorded) -> Widget:
    asked = widget["properties"]
    curves = [pair for row in asked.get("metrics", []) for pair in _curves(row, asked, recorded)]
    return Widget(
        widget["x"],
        widget["y"],
        widget["width"],
        widget["height"],
        asked["title"],
        asked.get("view", widget["type"]),
        asked.get("stacked", False),
        tuple(curves),
        tuple(_logical_name(arn) for arn in asked.get("alarms", [])),
    )


def _logical_name(arn: str) -> str:
    """Return what the template calls an alarm: its name between the stack's and a random end."""
    return arn.rpartition(":")[2].split("-")[-2]


def _curves(
    row: list[Any], asked: dict[str, Any], recorded: Recorded
) -> Iterator[tuple[Curve, str]]:
    """Yield a row's curves, each with its statistic; a search has one for each that it finds."""
    options = row[-1] if isinstance(row[-1], dict) else {}
    stat = options.get("stat", asked["stat"])
    if "expression" in options:
        metric = options["expression"].partition('MetricName="')[2].partition('"')[0]
        for found in recorded.named(metric):
            word = next(word for key, word in found[1] if key != "service")
            yield Curve(word, recorded.cut(found, stat, PERIODS)), stat
        return
    words = [word for word in row[1:] if isinstance(word, str)]
    name: Name = words[0], frozenset(zip(words[1::2], words[2::2], strict=True))
    yield Curve(options.get("label", words[0]), recorded.cut(name, stat, PERIODS)), stat
