"""Whether a manifest may cost more than its author allows."""

from video_pipeline.domain.credits import to_credits
from video_pipeline.domain.manifest import Manifest
from video_pipeline.domain.prices import PriceList
from video_pipeline.domain.problem import Problem


def too_dear(manifest: Manifest, prices: PriceList) -> tuple[Problem, ...]:
    """Return a problem when the most that all jobs can cost exceeds `max_credits`."""
    units = sum(prices.estimate(draft.request) for draft in manifest.jobs)
    return beyond_budget(manifest.max_credits, units, prices)


def beyond_budget(max_credits: float | None, units: int, prices: PriceList) -> tuple[Problem, ...]:
    most = to_credits(units)
    if max_credits is None or most <= max_credits:
        return ()
    return (
        Problem(
            "max_credits",
            "$.max_credits",
            f"The manifest may cost {most:g} credits, more than its max_credits.",
            value=f"{most:g}",
            limit=f"{max_credits:g} credits (prices of {prices.dated})",
            source="manifest",
            fix="Raise max_credits, or ask for fewer or shorter videos.",
        ),
    )
