"""From the parts of a manifest to its jobs, every one of them complete."""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Any

from video_pipeline.adapters.manifest_check import UNREADABLE, Checked, Checker
from video_pipeline.adapters.manifest_document import Document
from video_pipeline.adapters.manifest_model import Defaults, Job, Settings
from video_pipeline.domain.findings import EnoughError, Findings
from video_pipeline.domain.limits import LIMITS
from video_pipeline.domain.manifest import JobDraft, Manifest, Reading
from video_pipeline.domain.manifest_keys import REQUEST_FIELDS
from video_pipeline.domain.manifest_reference import Origin
from video_pipeline.domain.manifest_rules import advice, metadata_problems, missing_parts
from video_pipeline.domain.matrix import combinations, matrix_problems, size
from video_pipeline.domain.problem import Problem, below, shown
from video_pipeline.domain.request import VideoRequest


def assemble(document: Document, findings: Findings, origin: Origin) -> Reading:
    """Check every part, and return the manifest if nothing is wrong with any."""
    checker = Checker(findings, origin)
    settings_path, settings_tree = document.settings
    settings = checker.check(Settings, settings_tree, settings_path).values
    assembly = _Assembly(checker, findings, document)
    jobs = tuple(chain.from_iterable(assembly.drafts(*placed) for placed in document.jobs))
    if settings.get("strict"):
        findings.make_strict()
    manifest = Manifest(
        jobs, rerun=settings.get("rerun", False), max_credits=settings.get("max_credits")
    )
    return Reading(None if findings.errors else manifest, tuple(findings.errors), findings.warnings)


class _Assembly:
    """Makes drafts of the jobs of one manifest, and keeps their names apart."""

    def __init__(self, checker: Checker, findings: Findings, document: Document) -> None:
        self._checker = checker
        self._findings = findings
        self._defaults_path, tree = document.defaults
        self._defaults = checker.check(Defaults, tree, self._defaults_path)
        self._count = 0
        self._names: dict[str, str] = {}

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
        self._count += count
        if self._count > LIMITS["jobs"].most:
            self._findings.add([_too_many_jobs(self._count, path)])
            raise EnoughError

    def _multiplied(self, job: Checked, matrix: Mapping[str, Any], path: str) -> list[JobDraft]:
        merged = self._merged(job, path)
        place = partial(self._place, job, path)
        drafts = []
        errors: list[Problem] = []
        warnings: list[Problem] = []
        first = self._count - size(matrix) + 1
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
