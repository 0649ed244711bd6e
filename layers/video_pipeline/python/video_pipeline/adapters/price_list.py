"""The dated price list that ships with the package."""

import json
from decimal import Decimal
from importlib.resources import files

from video_pipeline.domain.prices import PriceList

LATEST = "2026-10-10"


def load_prices(dated: str = LATEST) -> PriceList:
    """Read a price list; amounts stay exact."""
    text = (files("video_pipeline") / "prices" / f"{dated}.json").read_text("utf-8")
    fields = json.loads(text)
    return PriceList(
        dated=fields["dated"],
        rate=Decimal(fields["rate"]),
        minimum=Decimal(fields["minimum"]),
        without_video=_factors(fields["without_video"]),
        with_video=_factors(fields["with_video"]),
        relaxed_filter=Decimal(fields["relaxed_filter"]),
    )


def _factors(texts: dict[str, str]) -> dict[str, Decimal]:
    return {quality: Decimal(text) for quality, text in texts.items()}
