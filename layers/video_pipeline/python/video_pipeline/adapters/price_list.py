"""Dated price lists: the one that ships with the package, or one that a deployment gives instead.

A list that is wrong in any way is refused whole: nothing is reserved by a guess.
"""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from typing import Any

from video_pipeline.domain.errors import PipelineError
from video_pipeline.domain.limits import QUALITIES
from video_pipeline.domain.prices import PriceList

LATEST = "2026-10-10"
FACTORS = ("without_video", "with_video")
AMOUNTS = ("rate", "minimum", "relaxed_filter")
KEYS = ("dated", *AMOUNTS, *FACTORS)


class PriceListError(PipelineError):
    """A price list that cannot be used; the message names every fault."""


def load_prices(text: str | None = None) -> PriceList:
    """Read a price list, the bundled one unless another is given; raises PriceListError."""
    if text is None:
        text = (files("video_pipeline") / "prices" / f"{LATEST}.json").read_text("utf-8")
    try:
        tree = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except ValueError as error:
        raise PriceListError(f"The price list is no JSON: {error}.") from error
    faults = "; ".join(_faults(tree))
    if faults:
        raise PriceListError(f"The price list is wrong: {faults}.")
    return PriceList(
        dated=tree["dated"],
        rate=Decimal(tree["rate"]),
        minimum=Decimal(tree["minimum"]),
        without_video=_factors(tree["without_video"]),
        with_video=_factors(tree["with_video"]),
        relaxed_filter=Decimal(tree["relaxed_filter"]),
    )


def _faults(tree: Any) -> Iterator[str]:  # noqa: ANN401 - whatever the JSON holds
    if not isinstance(tree, dict) or set(tree) != set(KEYS):
        yield f"it must be an object with {', '.join(KEYS)} and nothing else"
        return
    if not _is_date(tree["dated"]):
        yield f"dated is {tree['dated']!r}, not a date such as {LATEST}"
    for name in AMOUNTS:
        if not _is_amount(tree[name]):
            yield f"{name} is {tree[name]!r}, not a number above 0"
    for name in FACTORS:
        factors = tree[name]
        if not isinstance(factors, dict) or set(factors) != set(QUALITIES):
            yield f"{name} must hold a factor for each of {', '.join(QUALITIES)} and nothing else"
        elif not all(map(_is_amount, factors.values())):
            yield f"{name} holds a factor that is not a number above 0"


def _is_date(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_amount(value: object) -> bool:
    try:
        amount = Decimal(value) if isinstance(value, str | Decimal) else Decimal(0)
    except InvalidOperation:
        return False
    return amount.is_finite() and amount > 0


def _factors(tree: dict[str, Any]) -> dict[str, Decimal]:
    return {quality: Decimal(factor) for quality, factor in tree.items()}
