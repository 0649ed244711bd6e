"""The outline of a manifest: what is said for all jobs, and the jobs one after another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from typing import Any

from video_pipeline.adapters.manifest_check import UNREADABLE
from video_pipeline.adapters.manifest_json import parse_json
from video_pipeline.adapters.manifest_text import UnreadableError, decoded
from video_pipeline.domain.findings import Findings
from video_pipeline.domain.limits import LIMITS
from video_pipeline.domain.manifest_keys import SETTINGS_KEYS
from video_pipeline.domain.problem import Problem, shown

Placed = tuple[str, object]
"""The path of a value, and the value."""

_EMPTY = object()
_SMALLER = {
    "document": "Split it into several manifests, or use JSON Lines (.jsonl), which may be larger.",
    "lines": "Split it into several manifests.",
    "line": "Write one job per line.",
}


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, in parts not yet checked.

    `jobs` may still be read from the text while somebody goes through them.
    """

    settings: Placed
    defaults: Placed
    jobs: Iterable[Placed]


def outline(tree: object, findings: Findings) -> Document:
    """Tell one bare request from defaults with jobs; raises UnreadableError for neither."""
    if not isinstance(tree, dict):
        findings.add([_no_manifest(tree)])
        raise UnreadableError
    if "jobs" not in tree and "defaults" not in tree:
        return _bare(tree)
    settings = {key: value for key, value in tree.items() if key not in {"jobs", "defaults"}}
    defaults = ("$.defaults", tree.get("defaults", {}))
    return Document(("$", settings), defaults, _jobs(tree.get("jobs"), findings))


def _bare(tree: dict[str, Any]) -> Document:
    settings = {key: tree[key] for key in SETTINGS_KEYS if key in tree}
    job = {key: value for key, value in tree.items() if key not in settings}
    return Document(("$", settings), ("$", {}), [("$", job)])


def _jobs(jobs: object, findings: Findings) -> Iterator[Placed]:
    if not isinstance(jobs, list):
        findings.add([_no_list(jobs)])
        return
    if not jobs:
        findings.add([_no_jobs("$.jobs")])
    for index, job in enumerate(jobs):
        yield f"$.jobs[{index}]", job


def lines(body: bytes, findings: Findings) -> Document:
    """Read JSON Lines: a job in every line, the first one may say what holds for all."""
    values = _values(body, findings)
    path, tree = next(values, ("$", _EMPTY))
    if tree is _EMPTY:
        findings.add([_no_jobs("$")])
        raise UnreadableError
    if isinstance(tree, dict) and _is_head(tree):
        settings = {key: value for key, value in tree.items() if key != "defaults"}
        defaults = (f"{path}.defaults", tree.get("defaults", {}))
        return Document((path, settings), defaults, _at_least_one(values, findings))
    # A first line that cannot be read may have held the defaults: nothing is missing then.
    defaults = (path, tree if tree is UNREADABLE else {})
    return Document(("$", {}), defaults, chain([(path, tree)], values))


def _is_head(tree: dict[str, Any]) -> bool:
    return not {"defaults", "jobs"}.isdisjoint(tree) or (
        bool(tree) and tree.keys() <= set(SETTINGS_KEYS)
    )


def _values(body: bytes, findings: Findings) -> Iterator[Placed]:
    """Yield the value of every line that is not blank; UNREADABLE for one that has none."""
    for number, line in enumerate(BytesIO(body), start=1):
        if line.strip():
            yield f"line {number}: $", _value(line, number, findings)


def _value(line: bytes, number: int, findings: Findings) -> object:
    path = f"line {number}: $"
    if len(line) > LIMITS["line"].most:
        findings.add([too_large(len(line), "line", f"line {number}")])
        return UNREADABLE
    try:
        text = decoded(line.rstrip(b"\r\n"), findings, first_line=number)
        return parse_json(text, findings, path=path, first_line=number)
    except UnreadableError:
        return UNREADABLE


def _at_least_one(values: Iterator[Placed], findings: Findings) -> Iterator[Placed]:
    first = next(values, None)
    if first is None:
        findings.add([_no_jobs("$")])
    else:
        yield first
    yield from values


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
