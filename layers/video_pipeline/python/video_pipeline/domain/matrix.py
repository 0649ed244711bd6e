"""One job with lists of values becomes one job per combination."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod

from video_pipeline.domain.limits import LIMITS
from video_pipeline.domain.manifest_keys import REQUEST_FIELDS
from video_pipeline.domain.problem import Problem, below, shown

Matrix = Mapping[str, Sequence[object]]
_SWITCHES = {
    "generate_audio": {True: "sound", False: "silent"},
    "content_filter": {True: "filtered", False: "unfiltered"},
}


def matrix_problems(matrix: Matrix, fields: Mapping[str, object], path: str) -> Iterator[Problem]:
    """Say what keeps a matrix of sound values from being multiplied out."""
    for field, values in matrix.items():
        if field in fields:
            yield Problem(
                "matrix_conflict",
                below(path, "matrix", field),
                f"{field} stands in the matrix and beside it.",
                fix="Remove one of the two.",
            )
        yield from _repeated(values, below(path, "matrix", field))
    count = size(matrix)
    if count > LIMITS["matrix"].most:
        yield Problem(
            "matrix_too_large",
            below(path, "matrix"),
            f"The matrix makes {count:,} jobs.",
            value=f"{count:,}",
            limit=str(LIMITS["matrix"]),
            source=LIMITS["matrix"].source,
            fix="Use shorter lists, or several jobs with a matrix each.",
        )


def size(matrix: Matrix) -> int:
    return prod(len(values) for values in matrix.values())


def combinations(matrix: Matrix) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield a suffix for the name, and the fields, of every combination.

    The suffix follows from the values and not from their places in the lists,
    so a value more in a list leaves the names, and with them the identity, of the others alone.
    """
    fields = [field for field in REQUEST_FIELDS if field in matrix]
    for values in product(*(matrix[field] for field in fields)):
        chosen = dict(zip(fields, values, strict=True))
        yield "".join(f"-{_word(field, value)}" for field, value in chosen.items()), chosen


def _word(field: str, value: object) -> str:
    if field in _SWITCHES:
        return _SWITCHES[field][bool(value)]
    if field == "duration":
        return f"{value}s"
    if field in {"quality", "aspect_ratio"}:
        return str(value).replace(":", "x")
    return hashlib.sha256(_text(value).encode()).hexdigest()[:8]


def _repeated(values: Sequence[object], path: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, value in enumerate(values):
        text = _text(value)
        if text in seen:
            yield Problem(
                "matrix_repeated",
                below(path, index),
                f"The value {shown(value)} stands twice in its list.",
                value=shown(value),
                fix="Remove it; to buy the same video twice, write two jobs with two names.",
            )
        seen.add(text)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
