"""One object of a manifest at a time: its keys, its types, its references."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from video_pipeline.adapters.manifest_messages import problem_of
from video_pipeline.adapters.manifest_model import Defaults, Job, Matrix, Part, Settings
from video_pipeline.domain.findings import Findings
from video_pipeline.domain.limits import LIMITS
from video_pipeline.domain.manifest_keys import (
    DEFAULTS_KEYS,
    JOB_KEYS,
    REQUEST_FIELDS,
    SETTINGS_KEYS,
    foreign_keys,
)
from video_pipeline.domain.manifest_reference import Origin, resolve
from video_pipeline.domain.manifest_rules import (
    deadline_of,
    metadata_problems,
    text_problems,
    too_much_metadata,
)
from video_pipeline.domain.problem import Problem, below, shown
from video_pipeline.domain.request import REFERENCE_LISTS

UNREADABLE = object()
"""Stands where a value could not be read, which has been told already."""

Sound = TypeVar("Sound")
_KEYS: Mapping[type[Part], tuple[str, ...]] = {
    Settings: SETTINGS_KEYS,
    Defaults: DEFAULTS_KEYS,
    Job: JOB_KEYS,
    Matrix: REQUEST_FIELDS,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What an object says soundly, and the names of its fields that are unsound."""

    values: Mapping[str, Any]
    unsound: frozenset[str] = frozenset()


class Checker:
    """Checks the objects of one manifest and keeps what it finds."""

    def __init__(self, findings: Findings, origin: Origin) -> None:
        self._findings = findings
        self._origin = origin

    def check(self, part: type[Part], tree: object, path: str) -> Checked:
        """Check one object whole; every fault in it is among the findings afterwards."""
        if tree is UNREADABLE:
            return Checked({}, frozenset(_KEYS[part]))
        if not isinstance(tree, dict):
            self._findings.add([not_an_object(tree, path)])
            return Checked({}, frozenset(_KEYS[part]))
        self._findings.add(foreign_keys(tree, _KEYS[part], path))
        known = {key: tree[key] for key in _KEYS[part] if key in tree}
        typed = self._typed(part, known, path)
        deepen = self._axis if part is Matrix else self._deepened
        values = {key: deepen(key, value, below(path, key)) for key, value in typed.items()}
        sound = {key: value for key, value in values.items() if value is not None}
        return Checked(sound, frozenset(known) - frozenset(sound))

    def _typed(self, part: type[Part], known: dict[str, Any], path: str) -> dict[str, Any]:
        known = {**known}
        if self._findings.add(_oversized(known, path)):
            del known["metadata"]
        matrix = known.pop("matrix", None) if isinstance(known.get("matrix"), dict) else None
        values = self._modelled(part, known, path)
        return values if matrix is None else {**values, "matrix": matrix}

    def _modelled(self, part: type[Part], known: dict[str, Any], path: str) -> dict[str, Any]:
        try:
            model = part.model_validate(known)
        except ValidationError as error:
            faults = error.errors(include_url=False)
            self._findings.add(problem_of(fault, path) for fault in faults)
            unsound = {fault["loc"][0] for fault in faults}
            self._look_beside(faults, known, path)
            model = part.model_validate({k: v for k, v in known.items() if k not in unsound})
        return {name: getattr(model, name) for name in model.model_fields_set}

    def _look_beside(self, faults: list[ErrorDetails], known: dict[str, Any], path: str) -> None:
        """Check the other references of a list that has faulty ones, so that all are told."""
        places = [fault["loc"] for fault in faults]
        for key in REFERENCE_LISTS:
            faulty = {place[1] for place in places if place[0] == key and len(place) > 1}
            for index, text in enumerate(known[key] if faulty else ()):
                if index not in faulty:
                    self._sound(resolve(text, self._origin, below(path, key, index)))

    def _deepened(self, key: str, value: Any, path: str) -> Any:  # noqa: ANN401 - any field's value
        """Return a typed value with references resolved and times read; None when unsound."""
        match key:
            case "prompt":
                return None if self._findings.add(text_problems(value, path)) else value
            case "metadata":
                return None if self._findings.add(metadata_problems(value, path)) else value
            case "deadline":
                return self._sound(deadline_of(value, path))
            case "matrix":
                return self._matrix(value, path)
            case "image_urls" | "video_urls" | "audio_urls":
                return self._references(value, path)
        return value

    def _axis(self, key: str, values: list[Any], path: str) -> list[Any] | None:
        deep = [self._deepened(key, value, below(path, i)) for i, value in enumerate(values)]
        return None if None in deep else deep

    def _matrix(self, tree: object, path: str) -> dict[str, list[Any]] | None:
        if tree == {}:
            self._findings.add([empty_matrix(path)])
        checked = self.check(Matrix, tree, path)
        return None if checked.unsound else dict(checked.values)

    def _references(self, texts: list[str], path: str) -> tuple[str, ...] | None:
        found = [
            self._sound(resolve(text, self._origin, below(path, i))) for i, text in enumerate(texts)
        ]
        return None if None in found else tuple(filter(None, found))

    def _sound(self, value: Sound | Problem) -> Sound | None:
        if isinstance(value, Problem):
            self._findings.add([value])
            return None
        return value


def not_an_object(tree: object, path: str) -> Problem:
    return Problem(
        "manifest_shape",
        path,
        f"Here must stand an object with keys, not {shown(tree)}.",
        value=shown(tree),
        limit="an object",
        source="pipeline",
        fix="Write the fields of one job between { and }, or indented under the key in YAML.",
    )


def empty_matrix(path: str) -> Problem:
    return Problem(
        "matrix_empty", path, "The matrix has no lists.", fix="Give it a list, or remove it."
    )


def _oversized(known: Mapping[str, Any], path: str) -> Iterator[Problem]:
    """Refuse a large map before each of its entries is looked at."""
    metadata = known.get("metadata")
    if isinstance(metadata, dict) and len(metadata) > LIMITS["metadata"].most:
        yield too_much_metadata("metadata", f"{len(metadata):,} keys", below(path, "metadata"))
