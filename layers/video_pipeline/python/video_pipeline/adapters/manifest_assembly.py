"""From the parts of a manifest to its jobs, every one of them complete."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from video_pipeline.adapters.manifest_check import UNREADABLE, Checked, Checker
from video_pipeline.adapters.manifest_document import Document
from video_pipeline.adapters.manifest_model import Defaults, Job, Settings
from video_pipeline.domain.findings import EnoughError, Findings
from video_pipeline.domain.limits import LIMITS
from video_pipeline.domain.manifest import JobDraft
from video_pipeline.domain.manifest_keys import REQUEST_FIELDS
from video_pipeline.domain.manifest_reference import Origin
from video_pipeline.domain.manifest_rules import advice, metadata_problems, missing_parts
from video_pipeline.domain.matrix import combinations, matrix_problems, size
from video_pipeline.domain.problem import Problem, below, shown
from video_pipeline.domain.request import VideoRequest
from video_pipeline.domain.slices import SLICE_BYTES, SLICE_JOBS, Cursor, Progress, Slice


class ManifestSlices:
    """One manifest, read slice by slice."""

    def __init__(self, document: Document, origin: Origin, findings: Findings) -> None:
        """Check what is said for all jobs; `findings` are told of it."""
        self._document = document
        self._origin = origin
        checker = Checker(findings, origin)
        path, tree = document.settings
        settings = checker.check(Settings, tree, path).values
        self.rerun: bool = settings.get("rerun", False)
        self.max_credits: float | None = settings.get("max_credits")
        self._is_strict: bool = settings.get("strict", False)
        self._defaults = checker.check(Defaults, document.defaults[1], document.defaults[0])
        self._last: Slice | None = None

    def read(self, progress: Progress, start: Cursor | None = None) -> Iterator[Slice]:
        """Check slice after slice; what is wrong with one is in `progress` when it comes."""
        at = start or self._document.start
        try:
            while True:
                found = self._slice(at, progress)
                if found.next is None and self._is_strict:
                    progress.findings.make_strict()
                yield found
                if found.next is None:
                    return
                at = found.next
        except EnoughError:
            yield Slice(at)

    def at(self, start: Cursor) -> Slice:
        """Return a slice of a manifest in which nothing is wrong."""
        if self._last is not None and self._last.start == start:
            return self._last
        return self._slice(start, Progress())

    def _slice(self, start: Cursor, progress: Progress) -> Slice:
        assembly = _Assembly(self._document, self._defaults, self._origin, progress, start.jobs)
        drafts: list[JobDraft] = []
        paths: list[str] = []
        size = 0
        following: Cursor | None = None
        for job in self._document.jobs_from(start, progress.findings):
            drafts += assembly.drafts(job.path, job.tree)
            paths += [job.path] * (len(drafts) - len(paths))
            size += job.size
            if assembly.count - start.jobs >= SLICE_JOBS or size >= SLICE_BYTES:
                following = replace(job.end, jobs=assembly.count)
                break
        self._last = Slice(start, tuple(drafts), tuple(paths), following)
        return self._last


class _Assembly:
    """Makes drafts of the jobs of one slice, and keeps the names of all apart."""

    def __init__(
        self,
        document: Document,
        defaults: Checked,
        origin: Origin,
        progress: Progress,
        count: int,
    ) -> None:
        self._checker = Checker(progress.findings, origin)
        self._findings = progress.findings
        self._defaults_path = document.defaults[0]
        self._defaults = defaults
        self.count = count
        self._names = progress.names

    def drafts(self, path: str, tree: object) -> Iterator[JobDraft]:
        """Yield what one job asks for: one draft, or one per combination of its matrix."""
        if tree is UNREADABLE:
            self._take_room(1, path)
            return
        job = self._checker.check(Job, tree, path)
        matrix = job.values.get("matrix", {})
        self._take_room(size(matrix), path)
        if not self._findings.add(matrix_problems(matrix, job.values, path)):
            yield from self._multiplied(job, matrix, path)

    def _take_room(self, count: int, path: str) -> None:
        self.count += count
        if self.count > LIMITS["jobs"].most:
            self._findings.add([_too_many_jobs(self.count, path)])
            raise EnoughError

    def _multiplied(self, job: Checked, matrix: Mapping[str, Any], path: str) -> list[JobDraft]:
        merged = self._merged(job, path)
        place = partial(self._place, job, path)
        drafts = []
        errors: list[Problem] = []
        warnings: list[Problem] = []
        first = self.count - size(matrix) + 1
        for position, (suffix, chosen) in enumerate(combinations(matrix), start=first):
            fields = {**merged.values, **chosen}
            lacking = list(missing_parts(fields, merged.unsound, path))
            errors += lacking
            if not lacking and not merged.unsound:
                draft = _draft(position, suffix, fields)
                errors += self._clash(draft, path)
                warnings += advice(draft.request, place)
                drafts.append(draft)
        self._findings.add(dict.fromkeys(errors))
        self._findings.warn(warnings)
        return drafts

    def _merged(self, job: Checked, path: str) -> Checked:
        """Lay the job over the defaults; an unsound matrix may have held any field."""
        values = {**self._defaults.values, **job.values}
        unsound = job.unsound | (self._defaults.unsound - job.values.keys())
        if "matrix" in unsound:
            unsound |= frozenset(REQUEST_FIELDS)
        general, own = self._defaults.values.get("metadata"), job.values.get("metadata")
        if general and own:
            values["metadata"] = {**general, **own}
            problems = metadata_problems(values["metadata"], below(path, "metadata"))
            self._findings.add(problems)
        return Checked(values, unsound)

    def _place(self, job: Checked, path: str, field: str) -> str:
        if field in job.values.get("matrix", {}):
            return below(path, "matrix", field)
        is_default = field in self._defaults.values and field not in job.values
        return below(self._defaults_path if is_default else path, field)

    def _clash(self, draft: JobDraft, path: str) -> Iterator[Problem]:
        name = draft.shown_name
        if name in self._names:
            yield _name_taken(name, self._names[name], path)
        self._names.setdefault(name, path)


def _draft(position: int, suffix: str, fields: Mapping[str, Any]) -> JobDraft:
    name = fields.get("name")
    request = {name: fields[name] for name in REQUEST_FIELDS if name in fields}
    return JobDraft(
        position=position,
        name=f"{name}{suffix}" if name else None,
        request=VideoRequest(**request),
        metadata=fields.get("metadata", {}),
        deadline=fields.get("deadline"),
    )


def _name_taken(name: str, first: str, path: str) -> Problem:
    return Problem(
        "name_taken",
        below(path, "name"),
        f"The job at {first} is called {shown(name)} too.",
        value=shown(name),
        limit="one job per name; a job without a name takes job- and its place",
        source="pipeline",
        fix="Give one of the two another name.",
    )


def _too_many_jobs(count: int, path: str) -> Problem:
    return Problem(
        "too_many_jobs",
        path,
        f"With this job the manifest has {count:,} jobs; nothing after it was read.",
        value=f"{count:,}",
        limit=str(LIMITS["jobs"]),
        source=LIMITS["jobs"].source,
        fix="Split it into several manifests.",
    )
