"""Check a manifest slice by slice, as far as one invocation's time goes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from video_pipeline.domain.budget import beyond_budget
from video_pipeline.domain.drop import common_metadata
from video_pipeline.domain.findings import Findings
from video_pipeline.domain.identity import JobIds, drop_id
from video_pipeline.domain.prices import PriceList
from video_pipeline.domain.slices import Page, Progress, Slice, Validated, Verdict
from video_pipeline.ports import Clock, ManifestSlices, Validations

MOST_PROBLEMS = 200
"""Errors, and warnings, that a receipt shows; the others are only counted."""


@dataclass(frozen=True, slots=True)
class OpenedManifest:
    """One version of a manifest, and what opening it has found wrong.

    `slices` is None when nothing of it can be read.
    """

    bucket: str
    key: str
    version_id: str
    slices: ManifestSlices | None
    findings: Findings

    @property
    def drop_id(self) -> str:
        return drop_id(self.bucket, self.key, self.version_id)


@dataclass(frozen=True, slots=True)
class ValidateManifest:
    validations: Validations
    prices: PriceList
    clock: Clock

    def __call__(
        self, manifest: OpenedManifest, number: int, has_time: Callable[[], bool]
    ) -> Verdict | int:
        """Validate from a slice on; return the verdict on the whole, or the next slice."""
        if manifest.slices is None:
            return Verdict(tuple(manifest.findings.errors))
        known = self.validations.recall(manifest.drop_id)[:number] if number else ()
        progress = Progress() if known else Progress(manifest.findings)
        for each in known:
            progress.recall(each)
        record = _Record(manifest, progress.findings, known, self.prices)
        found = list(known)
        for part in manifest.slices.read(progress, known[-1].next if known else None):
            found.append(record.of(part))
            if part.next is not None and not has_time():
                new = found[len(known) :]
                self.validations.keep(manifest.drop_id, len(known), new, self.clock.now())
                return len(found)
        return self._verdict(manifest.slices, progress.findings, found)

    def _verdict(
        self, slices: ManifestSlices, findings: Findings, found: Sequence[Validated]
    ) -> Verdict:
        units = sum(each.units for each in found)
        errors = findings.errors or beyond_budget(slices.max_credits, units, self.prices)
        with_jobs = [each for each in found if each.page.job_ids]
        return Verdict(
            tuple(errors),
            findings.warnings,
            tuple(each.page for each in with_jobs),
            common_metadata([each.metadata for each in with_jobs]),
        )


class _Record:
    """Writes down what each slice comes to, after those that were validated before."""

    def __init__(
        self,
        manifest: OpenedManifest,
        findings: Findings,
        known: Sequence[Validated],
        prices: PriceList,
    ) -> None:
        self._ids = JobIds(
            manifest.bucket,
            manifest.key,
            rerun=manifest.version_id if manifest.slices and manifest.slices.rerun else "",
            known=(job_id for each in known for job_id in each.page.job_ids),
        )
        self._findings = findings
        self._errors = sum(len(each.errors) for each in known)
        self._warnings = sum(len(each.warnings) for each in known)
        self._prices = prices

    def of(self, part: Slice) -> Validated:
        errors, warnings = self._findings.errors, self._findings.warnings
        validated = Validated(
            page=Page(part.start, tuple(map(self._ids.of, part.jobs))),
            names=tuple(job.shown_name for job in part.jobs),
            paths=part.paths,
            metadata=common_metadata([job.metadata for job in part.jobs]),
            units=sum(self._prices.estimate(job.request) for job in part.jobs),
            errors=tuple(errors[self._errors :][:MOST_PROBLEMS]),
            warnings=warnings[self._warnings :][:MOST_PROBLEMS],
            next=part.next,
        )
        self._errors, self._warnings = len(errors), len(warnings)
        return validated
