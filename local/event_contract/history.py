"""Yesterday's promises: the schema of every version of every kind of event that was ever told."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from event_contract.compatibility import Schema, breaks

NAME = re.compile(r"(\w+)\.v(\d+)\.schema\.json")


def history_name(kind: str, version: str) -> str:
    return f"{file_name(kind)}.v{version}.schema.json"


def file_name(kind: str) -> str:
    return kind.lower().replace(" ", "_")


def broken_promises(folder: Path, now: Mapping[str, Schema]) -> Iterator[str]:
    """Compare the schemas of today, by kind, with what a folder remembers; yield each break."""
    newest: dict[str, int] = {}
    for path in folder.glob("*.schema.json"):
        if found := NAME.fullmatch(path.name):
            newest[found[1]] = max(newest.get(found[1], 0), int(found[2]))
    today = {file_name(kind): schema for kind, schema in now.items()}
    for name, version in sorted(newest.items()):
        if name not in today:
            yield f"{name}: this kind of event is no longer told"
            continue
        told = int(version_of(today[name]))
        if told < version:
            yield f"{name}: version {told} is older than version {version}, which was told"
        if told == version:
            old = json.loads((folder / f"{name}.v{version}.schema.json").read_text("utf-8"))
            yield from (f"{name}: {broken}" for broken in breaks(old, today[name]))


def version_of(schema: Schema) -> str:
    properties = schema["properties"]
    properties = properties.get("detail", schema)["properties"]
    version: str = properties["version"]["const"]
    return version
