"""The tables of docs/events.md, written from types and catalogues."""

from collections.abc import Iterable, Mapping
from typing import Any

from event_contract.history import file_name
from event_contract.schemas import event_schema
from video_pipeline.domain.control import PAUSES
from video_pipeline.domain.events import VERSIONS
from video_pipeline.domain.reasons import MANIFEST_REASONS, REASONS, Reason

COMMON = ("version", "event_id", "sequence", "time", "metadata")
SUBJECTS = {
    "Every event of a job": ("Video Archived", ("job", "times")),
    "Every event of a manifest": ("Manifest Accepted", ("manifest", "receipt")),
}
SHARED = {*COMMON, "job", "times", "manifest", "receipt"}


def events_page(page: str) -> str:
    """Return a page with each of its marked tables as it should be now."""
    for name, table in tables().items():
        begin, end = f"<!-- {name}: written by `make documents` -->", f"<!-- /{name} -->"
        before, mark, rest = page.partition(begin)
        _, close, after = rest.partition(end)
        if not (mark and close):
            raise ValueError(f"the page has no place for {name}: {begin} … {end}")
        page = f"{before}{begin}\n{table}\n{end}{after}"
    return page


def tables() -> dict[str, str]:
    return {
        "kinds": _kinds(),
        "common": _fields(_detail("Video Archived"), COMMON),
        "details": "\n\n".join([*_subjects(), *map(_section, VERSIONS)]),
        "reasons": _reasons(REASONS),
        "rejections": _reasons(MANIFEST_REASONS),
        "pauses": _table(
            ("`reason`", "`next_step`"), ((f"`{code}`", PAUSES[code]) for code in PAUSES)
        ),
    }


def _kinds() -> str:
    rows = ((f"`{kind}`", _told(kind), VERSIONS[kind], _files(kind)) for kind in VERSIONS)
    return _table(("detail type", "means", "version", "files"), rows)


def _told(kind: str) -> str:
    described: str = event_schema(kind)["description"]
    return described


def _files(kind: str) -> str:
    place = f"../events/published/{file_name(kind)}"
    return f"[schema]({place}.schema.json), [sample]({place}.sample.json)"


def _subjects() -> Iterable[str]:
    for title, (kind, names) in SUBJECTS.items():
        yield f"### {title}\n\n{_fields(_detail(kind), names)}"


def _section(kind: str) -> str:
    detail = _detail(kind)
    own = [name for name in detail["properties"] if name not in SHARED]
    return f"### {kind}\n\n{_fields(detail, own)}"


def _detail(kind: str) -> Mapping[str, Any]:
    detail: Mapping[str, Any] = event_schema(kind)["properties"]["detail"]
    return detail


def _fields(schema: Mapping[str, Any], names: Iterable[str]) -> str:
    rows = (row for name in names for row in _rows(name, schema["properties"][name]))
    return _table(("field", "type", "meaning"), rows)


def _rows(path: str, schema: Mapping[str, Any]) -> Iterable[tuple[str, str, str]]:
    yield f"`{path}`", _type(schema), schema.get("description", "")
    inner = schema.get("items", schema)
    for name, part in inner.get("properties", {}).items():
        yield from _rows(f"{path}{'[]' if 'items' in schema else ''}.{name}", part)


def _type(schema: Mapping[str, Any]) -> str:
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    kind = schema["type"]
    names = [kind] if isinstance(kind, str) else list(kind)
    return " or ".join(
        "time" if schema.get("format") and name == "string" else name for name in names
    )


def _reasons(catalogue: Mapping[str, Reason]) -> str:
    rows = ((f"`{code}`", *reason) for code, reason in catalogue.items())
    return _table(("`reason`", "meaning", "`charged`", "`next_step`"), rows)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *map(list, rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
