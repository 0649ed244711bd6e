"""Whether a manifest may cost more than its author allows."""

from video_pipeline.domain.credits import to_credits
from video_pipeline.domain.manifest import Manifest
from video_pipeline.domain.prices import PriceList
from video_pipeline.domain.problem import Problem


def too_dear(manifest: Manifest, prices: PriceList) -> tuple[Problem, ...]:
    """Return a problem when the most that all jobs can cost exceeds `max_credits`."""
    if manifest.max_credits is None:
        return ()
    most = to_credits(sum(prices.estimate(draft.request) for draft in manifest.jobs))
    if most <= manifest.max_credits:
        return ()
    return (
        Problem(
            "max_credits",
            "$.max_credits",
            f"The manifest may cost {most:g} credits, more than its max_credits.",
            value=f"{most:g}",
            limit=f"{manifest.max_credits:g} credits (prices of {prices.dated})",
            source="manifest",
            fix="Raise max_credits, or ask for fewer or shorter videos.",
        ),
    )
