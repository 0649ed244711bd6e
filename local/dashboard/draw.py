"""Widgets as one picture, in SVG that every browser shows as it is."""

import math
from collections.abc import Iterator, Sequence
from html import escape

from dashboard.widgets import Curve, Widget

COLUMN, ROW, GAP = 50, 44, 10
COLOURS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#7f7f7f")
TICKS = 4


def draw(widgets: Sequence[Widget]) -> str:
    width = max(each.x + each.width for each in widgets) * COLUMN
    height = max(each.y + each.height for each in widgets) * ROW
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif" font-size="12" fill="#222">'
        f'<rect width="{width}" height="{height}" fill="#f2f3f3"/>'
    )
    return "\n".join([head, *(_field(widget) for widget in widgets), "</svg>\n"])


def _field(widget: Widget) -> str:
    width, height = widget.width * COLUMN - GAP, widget.height * ROW - GAP
    inner = _INSIDE.get(widget.kind, _chart)(widget, width, height)
    place = f"{widget.x * COLUMN + GAP / 2:g},{widget.y * ROW + GAP / 2:g}"
    return (
        f'<g transform="translate({place})">'
        f'<rect width="{width}" height="{height}" fill="#fff" stroke="#d5dbdb" rx="3"/>'
        f'<text x="10" y="20" font-weight="bold">{escape(widget.title)}</text>'
        + "".join(inner)
        + "</g>"
    )


def _numbers(widget: Widget, width: int, height: int) -> Iterator[str]:
    step = width / max(len(widget.curves), 1)
    for number, (curve, stat) in enumerate(widget.curves):
        value = curve.total if stat == "Sum" else curve.last
        place = f'x="{(number + 0.5) * step:g}" text-anchor="middle"'
        yield f'<text {place} y="{height - 42}" font-size="30">{value:,.4g}</text>'
        yield f'<text {place} y="{height - 16}">{escape(curve.label)}</text>'


def _names(widget: Widget, width: int, _height: int) -> Iterator[str]:
    """Tell which alarms there are; the local engine does not decide their state."""
    step = 190
    for number, name in enumerate(widget.alarms):
        across = width // step
        x, y = 10 + number % across * step, 34 + number // across * 28
        yield f'<rect x="{x}" y="{y}" width="{step - 12}" height="22" fill="#eaeded" rx="3"/>'
        yield f'<text x="{x + 8}" y="{y + 15}">{escape(name)}</text>'


def _chart(widget: Widget, width: int, height: int) -> Iterator[str]:
    left, top, right, bottom = 52, 34, width - 14, height - 38
    curves = [curve for curve, _ in widget.curves]
    tops = _stacked(curves) if widget.stacked else [curve.values for curve in curves]
    highest = _round_top(max((value for values in tops for value in values if value), default=1.0))
    for tick in range(TICKS + 1):
        y = bottom - (bottom - top) * tick / TICKS
        yield f'<line x1="{left}" x2="{right}" y1="{y:g}" y2="{y:g}" stroke="#e5e8e8"/>'
        label = f"{round(highest * tick / TICKS, 3):,g}"
        yield f'<text x="{left - 6}" y="{y + 4:g}" text-anchor="end" fill="#687078">{label}</text>'
    ground: list[float | None] = [0.0] * len(tops[0]) if tops else []
    floors = [ground, *tops[:-1]]
    frame = (left, top, right, bottom)
    for number, values in enumerate(tops):
        colour = COLOURS[number % len(COLOURS)]
        floor = floors[number] if widget.stacked else None
        yield from _curve(values, floor, highest, frame, colour)
    yield from _legend(curves, left, height - 14)


def _round_top(value: float) -> float:
    """Return the next number above that divides well by the ticks."""
    size = 10.0 ** math.floor(math.log10(value))
    return next(step * size for step in (1, 2, 4, 8, 10) if step * size >= value)


def _stacked(curves: Sequence[Curve]) -> list[list[float | None]]:
    sums: list[list[float | None]] = []
    for curve in curves:
        below = sums[-1] if sums else [0.0] * len(curve.values)
        sums.append([(b or 0) + (v or 0) for b, v in zip(below, curve.values, strict=True)])
    return sums


def _curve(
    values: Sequence[float | None],
    floor: Sequence[float | None] | None,
    highest: float,
    frame: tuple[int, int, int, int],
    colour: str,
) -> Iterator[str]:
    points = list(_points(values, highest, frame))
    line = " ".join(points)
    if floor is not None:
        back = " ".join(reversed(list(_points(floor, highest, frame))))
        yield f'<polygon points="{line} {back}" fill="{colour}" fill-opacity="0.55"/>'
    yield f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _points(
    values: Sequence[float | None], highest: float, frame: tuple[int, int, int, int]
) -> Iterator[str]:
    left, top, right, bottom = frame
    for number, value in enumerate(values):
        if value is not None:
            x = left + (right - left) * number / max(len(values) - 1, 1)
            yield f"{x:.1f},{bottom - (bottom - top) * value / highest:.1f}"


def _legend(curves: Sequence[Curve], left: int, y: int) -> Iterator[str]:
    x = left
    for number, curve in enumerate(curves):
        colour = COLOURS[number % len(COLOURS)]
        yield f'<rect x="{x}" y="{y - 9}" width="10" height="10" fill="{colour}"/>'
        yield f'<text x="{x + 14}" y="{y}" font-size="11">{escape(curve.label)}</text>'
        x += 24 + 6 * len(curve.label)


_INSIDE = {"singleValue": _numbers, "alarm": _names, "timeSeries": _chart}
