"""The picture of performance: bars of ratios, each panel with the line that they are held to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

WIDTH, LABEL, BAR, GAP, HEAD = 760, 190, 18, 8, 44
INK, GOOD, POOR = "#1f2933", "#2f7d6b", "#c8853b"

FONT = 'font-family="Helvetica, Arial, sans-serif" font-size="13"'


@dataclass(frozen=True, slots=True)
class Panel:
    """Ratios by name; `more_is_better` says on which side of the line a bar should end."""

    title: str
    bars: Mapping[str, float]
    lines: Mapping[str, float]
    more_is_better: bool = False

    @property
    def height(self) -> int:
        return HEAD + len(self.bars) * (BAR + GAP) + GAP

    @property
    def most(self) -> float:
        return max([*self.bars.values(), *self.lines.values()]) * 1.15

    def is_met(self, name: str) -> bool:
        value, line = self.bars[name], self.lines[name]
        return value >= line if self.more_is_better else value <= line


def picture(panels: list[Panel]) -> str:
    height = sum(panel.height for panel in panels) + GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {FONT}>',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
    ]
    top = 0
    for panel in panels:
        parts += drawn(panel, top)
        top += panel.height
    return "\n".join([*parts, "</svg>", ""])


def drawn(panel: Panel, top: int) -> Iterator[str]:
    scale = (WIDTH - LABEL - 80) / panel.most
    yield text(16, top + 26, panel.title, 'font-weight="bold"')
    for row, (name, value) in enumerate(panel.bars.items()):
        y = top + HEAD + row * (BAR + GAP)
        colour = GOOD if panel.is_met(name) else POOR
        mark = LABEL + panel.lines[name] * scale
        yield text(LABEL - 8, y + 14, name, 'text-anchor="end"')
        size = f'width="{value * scale:.1f}" height="{BAR}"'
        yield f'<rect x="{LABEL}" y="{y}" {size} fill="{colour}"/>'
        yield line(mark, y)
        yield text(max(LABEL + value * scale, mark) + 8, y + 14, f"{value:.2f}")


def line(x: float, y: int) -> str:
    """Mark what a bar is held to."""
    return (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y - 3}" y2="{y + BAR + 3}" '
        f'stroke="{INK}" stroke-width="2" stroke-dasharray="4 2"/>'
    )


def text(x: float, y: int, words: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y}" fill="{INK}" {more}>{escape(words)}</text>'
