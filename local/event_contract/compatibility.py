"""What in a new schema would break those who read events by the old one."""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

BOUNDS = ("pattern", "format", "minimum", "maximum", "minLength", "maxLength")


def breaks(old: Schema, new: Schema, path: str = "$") -> Iterator[str]:
    """Yield each break in words; a subscriber may rely on whatever the old schema promised.

    Properties may be added. A value of a closed enumeration may neither go nor come;
    an open one (`anyOf` with any text) may grow.
    """
    yield from _types(old, new, path)
    yield from _values(old, new, path)
    yield from (
        f"{path}: {bound} {old[bound]!r} is no longer promised"
        for bound in BOUNDS
        if bound in old and new.get(bound) != old[bound]
    )
    yield from _properties(old, new, path)
    for part in ("items", "additionalProperties"):
        if isinstance(old.get(part), dict):
            yield from breaks(old[part], new.get(part, {}), f"{path}.*")


def _types(old: Schema, new: Schema, path: str) -> Iterator[str]:
    before, after = _listed(old.get("type")), _listed(new.get("type"))
    if before and not (after and after <= before):
        yield f"{path}: type {_shown(before)} became {_shown(after)}"


def _values(old: Schema, new: Schema, path: str) -> Iterator[str]:
    (before, was_open), (after, is_open) = _enumeration(old), _enumeration(new)
    if before is None:
        return
    after = after or set()
    if gone := before - after:
        yield f"{path}: {_shown(gone)} left its values"
    if (come := after - before) and not was_open:
        yield f"{path}: {_shown(come)} joined its values, which were closed"
    if is_open and not was_open:
        yield f"{path}: its values, which were closed, became open"


def _enumeration(schema: Schema) -> tuple[set[Any] | None, bool]:
    """Return the values that a schema names, and whether there may be others."""
    if "const" in schema:
        return {schema["const"]}, False
    if "enum" in schema:
        return set(schema["enum"]), False
    named = [part for part in schema.get("anyOf", ()) if "enum" in part]
    return (set(named[0]["enum"]), True) if named else (None, True)


def _properties(old: Schema, new: Schema, path: str) -> Iterator[str]:
    there, required = new.get("properties", {}), set(new.get("required", ()))
    for name, schema in old.get("properties", {}).items():
        below = f"{path}.{name}"
        if name not in there:
            yield f"{below}: removed"
            continue
        if name in old.get("required", ()) and name not in required:
            yield f"{below}: no longer always there"
        yield from breaks(schema, there[name], below)


def _listed(kind: Any) -> set[str]:  # noqa: ANN401 - one name, a list of names, or none
    if kind is None:
        return set()
    return {kind} if isinstance(kind, str) else set(kind)


def _shown(values: set[Any]) -> str:
    return " or ".join(sorted(map(str, values))) or "nothing"
