"""The outline of a manifest: what is said for all jobs, and the jobs one after another."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from video_pipeline.adapters.manifest_check import UNREADABLE
from video_pipeline.adapters.manifest_json import parse_json
from video_pipeline.adapters.manifest_lines import Line, lines_of
from video_pipeline.adapters.manifest_text import UnreadableError, decoded
from video_pipeline.domain.findings import Findings
from video_pipeline.domain.limits import LIMITS
from video_pipeline.domain.manifest_keys import SETTINGS_KEYS
from video_pipeline.domain.problem import Problem, shown
from video_pipeline.domain.slices import Cursor
from video_pipeline.ports import ReadableFile

Placed = tuple[str, object]
"""The path of a value, and the value."""

_SMALLER = {
    "document": "Split it into several manifests, or use JSON Lines (.jsonl), which may be larger.",
    "lines": "Split it into several manifests.",
    "line": "Write one job per line.",
}


@dataclass(frozen=True, slots=True)
class PlacedJob:
    """One job not yet checked, and where the next one begins; `size` counts bytes of a line."""

    path: str
    tree: object
    end: Cursor
    size: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, in parts not yet checked.

    `jobs_from` reads on from a cursor, and tells what it finds wrong on the way.
    """

    settings: Placed
    defaults: Placed
    jobs_from: Callable[[Cursor, Findings], Iterator[PlacedJob]]
    start: Cursor = field(default_factory=Cursor)


def outline(tree: object, findings: Findings) -> Document:
    """Tell one bare request from defaults with jobs; raises UnreadableError for neither."""
    if not isinstance(tree, dict):
        findings.add([_no_manifest(tree)])
        raise UnreadableError
    if "jobs" not in tree and "defaults" not in tree:
        return _bare(tree)
    settings = {key: value for key, value in tree.items() if key not in {"jobs", "defaults"}}
    defaults = ("$.defaults", tree.get("defaults", {}))
    jobs = tree.get("jobs")
    return Document(("$", settings), defaults, lambda at, found: _jobs(jobs, at, found))


def _bare(tree: dict[str, Any]) -> Document:
    settings = {key: tree[key] for key in SETTINGS_KEYS if key in tree}
    job = {key: value for key, value in tree.items() if key not in settings}
    placed = PlacedJob("$", job, Cursor(1))
    return Document(("$", settings), ("$", {}), lambda at, _: iter([placed][at.offset :]))


def _jobs(jobs: object, start: Cursor, findings: Findings) -> Iterator[PlacedJob]:
    if not isinstance(jobs, list):
        findings.add([_no_list(jobs)])
        return
    if not jobs:
        findings.add([_no_jobs("$.jobs")])
    for index, job in islice(enumerate(jobs), start.offset, None):
        yield PlacedJob(f"$.jobs[{index}]", job, Cursor(index + 1))


def lines(file: ReadableFile, findings: Findings) -> Document:
    """Read JSON Lines: a job in every line, the first one may say what holds for all."""
    first = next(lines_of(file, Cursor()), None)
    if first is None:
        findings.add([file_empty()])
        raise UnreadableError
    aside = Findings()  # a first line that is a job is read again with the others
    path, tree = f"line {first.number}: $", _value(first, aside)
    if isinstance(tree, dict) and _is_head(tree):
        findings.add(aside.errors)
        settings = {key: value for key, value in tree.items() if key != "defaults"}
        defaults = (f"{path}.defaults", tree.get("defaults", {}))
        return Document((path, settings), defaults, _lines_after(file, first.end), first.end)
    # A first line that cannot be read may have held the defaults: nothing is missing then.
    defaults = (path, tree if tree is UNREADABLE else {})
    return Document(("$", {}), defaults, _lines_after(file, Cursor()))


def _is_head(tree: dict[str, Any]) -> bool:
    return not {"defaults", "jobs"}.isdisjoint(tree) or (
        bool(tree) and tree.keys() <= set(SETTINGS_KEYS)
    )


def _lines_after(
    file: ReadableFile, head: Cursor
) -> Callable[[Cursor, Findings], Iterator[PlacedJob]]:
    def jobs_from(start: Cursor, findings: Findings) -> Iterator[PlacedJob]:
        count = 0
        for count, line in enumerate(lines_of(file, start), start=1):  # noqa: B007 - counted
            yield PlacedJob(f"line {line.number}: $", _value(line, findings), line.end, line.size)
        if start.offset == head.offset and count == 0:
            findings.add([_no_jobs("$")])

    return jobs_from


def _value(line: Line, findings: Findings) -> object:
    """Return what a line says, UNREADABLE if it says nothing."""
    path = f"line {line.number}: $"
    if line.size > LIMITS["line"].most:
        findings.add([too_large(line.size, "line", f"line {line.number}")])
        return UNREADABLE
    try:
        text = decoded(line.text.rstrip(b"\r\n"), findings, first_line=line.number)
        return parse_json(text, findings, path=path, first_line=line.number)
    except UnreadableError:
        return UNREADABLE


def file_empty() -> Problem:
    return Problem("file_empty", "$", "The file is empty.", fix="Write a job in it.")


def too_large(size: int, limit: str, path: str = "$") -> Problem:
    return Problem(
        "file_too_large",
        path,
        f"It has {size:,} bytes.",
        value=f"{size:,} bytes",
        limit=str(LIMITS[limit]),
        source=LIMITS[limit].source,
        fix=_SMALLER[limit],
    )


def _no_manifest(tree: object) -> Problem:
    fix = "Write one request as an object with prompt and image_urls, or an object with jobs."
    if isinstance(tree, list):
        fix = 'Put the list under "jobs": {"jobs": [ … ]}.'
    return Problem(
        "manifest_shape",
        "$",
        f"A manifest is an object, not {shown(tree)}.",
        value=shown(tree),
        limit="one request, or an object with jobs",
        source="pipeline",
        fix=fix,
    )


def _no_list(jobs: object) -> Problem:
    what = "missing" if jobs is None else f"{shown(jobs)}, not a list"
    return Problem(
        "manifest_shape",
        "$.jobs",
        f"The list of jobs is {what}.",
        value=shown(jobs),
        limit="a list of objects",
        source="pipeline",
        fix='Write "jobs": [ … ] with one object per job.',
    )


def _no_jobs(path: str) -> Problem:
    return Problem(
        "no_jobs", path, "The manifest has no jobs.", fix="Write at least one job with a prompt."
    )
