"""Everything that would be refused, found before anything is dropped."""

from dataclasses import dataclass

from video_pipeline.adapters.price_list import load_prices
from video_pipeline.domain.credits import to_credits
from video_pipeline.domain.manifest import Manifest
from video_pipeline.domain.problem import Problem
from video_pipeline_cli.manifests import LocalManifest
from video_pipeline_cli.media import look_at_media


@dataclass(frozen=True)
class Verdict:
    manifest: LocalManifest
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]

    @property
    def is_valid(self) -> bool:
        return not self.errors


def check(manifest: LocalManifest, *, offline: bool) -> Verdict:
    """Check one manifest as the pipeline does, and the files that it names."""
    reading = manifest.reading
    if reading.manifest is None:
        return Verdict(manifest, reading.errors, reading.warnings)
    media = look_at_media(manifest, offline=offline)
    errors = (*_too_dear(reading.manifest), *media.problems)
    return Verdict(manifest, errors, (*reading.warnings, *media.missing))


def _too_dear(manifest: Manifest) -> tuple[Problem, ...]:
    prices, most = load_prices(), manifest.max_credits
    total = to_credits(sum(prices.estimate(draft.request) for draft in manifest.jobs))
    if most is None or total <= most:
        return ()
    return (
        Problem(
            "max_credits",
            "$.max_credits",
            f"The manifest may cost {total:g} credits, more than its max_credits.",
            value=f"{total:g}",
            limit=f"{most:g} credits (prices of {prices.dated})",
            source="manifest",
            fix="Raise max_credits, or ask for fewer or shorter videos.",
        ),
    )
