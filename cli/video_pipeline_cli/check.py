"""Everything that would be refused, found before anything is dropped."""

from dataclasses import dataclass

from video_pipeline.domain.budget import too_dear
from video_pipeline.domain.prices import PriceList
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


def check(manifest: LocalManifest, prices: PriceList, *, offline: bool) -> Verdict:
    """Check one manifest as the pipeline does, and the files that it names."""
    reading = manifest.reading
    if reading.manifest is None:
        return Verdict(manifest, reading.errors, reading.warnings)
    media = look_at_media(manifest, offline=offline)
    errors = (*too_dear(reading.manifest, prices), *media.problems)
    return Verdict(manifest, errors, (*reading.warnings, *media.missing))
