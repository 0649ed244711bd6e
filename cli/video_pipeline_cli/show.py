"""How things look on a screen of 100 columns."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from rich.console import RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from video_pipeline.domain.credits import to_credits
from video_pipeline.domain.problem import Problem

CREDITS_PER_USD = 68
COLOURS = {
    "archived": "green",
    "completed": "green",
    "failed": "red",
    "rejected": "red",
    "unconfirmed": "yellow",
    "accepted": "cyan",
}


def table(*columns: str, right: Iterable[str] = ()) -> Table:
    shown = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        justify = "right" if column in set(right) else "left"
        shown.add_column(column, justify=justify, overflow="fold")  # type: ignore[arg-type]  # a literal of the two
    return shown


def state(word: str) -> str:
    return f"[{COLOURS.get(word, 'blue')}]{word}[/]"


def span(length: timedelta) -> str:
    """Return a length of time with its two largest units."""
    seconds = max(0, round(length.total_seconds()))
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if days:
        return f"{days} d {hours % 24} h"
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"


def clock(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")


def count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'s' * (number != 1)}"


def credit_text(units: int | None) -> str:
    return "-" if units is None else f"{to_credits(units):g}"


def usd(units: int) -> float:
    return round(to_credits(units) / CREDITS_PER_USD, 4)


def problems(found: Iterable[Problem], word: str) -> Iterable[RenderableType]:
    """Show each problem with its place, its limit and the way to mend it."""
    colour = "red" if word == "error" else "yellow"
    for problem in found:
        yield f"  [{colour}]{word}[/] [bold]{problem.code}[/]  {escape(problem.path)}"
        yield inside(escape(problem.message))
        if problem.limit:
            source = f" ({problem.source})" if problem.source else ""
            yield inside(f"[dim]limit:[/] {escape(problem.limit + source)}")
        if problem.fix:
            yield inside(f"[dim]fix:[/] {escape(problem.fix)}")


def inside(text: str) -> RenderableType:
    return Padding(text, (0, 0, 0, 4))
