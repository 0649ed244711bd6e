"""What the model's checks found, in words for the person who wrote the manifest."""

from collections.abc import Callable

from pydantic_core import ErrorDetails

from video_pipeline.adapters.manifest_fixes import choice_fix, typed_fix
from video_pipeline.domain.limits import ASPECT_RATIOS, LIMITS, QUALITIES
from video_pipeline.domain.problem import Problem, below, shown
from video_pipeline.domain.request import MODEL

_TYPES = {
    "string_type": "text",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
}


def problem_of(error: ErrorDetails, path: str) -> Problem:
    """Tell one finding of the model's checks."""
    steps = error["loc"]
    field = str(steps[0])
    name = below("", *steps).removeprefix(".")
    explain = _EXPLANATIONS.get(error["type"], _wrong_type)
    return explain(field, name, below(path, *steps), error)


def _wrong_type(field: str, name: str, path: str, error: ErrorDetails) -> Problem:
    value, wanted = error["input"], _TYPES.get(error["type"], "something else")
    if value is None:
        message = f"{name} is null, which says nothing."
        return Problem("null_value", path, message, value="null", fix="Leave the key out.")
    return Problem(
        "wrong_type",
        path,
        f"{name} must be {wanted}, not {shown(value)}.",
        value=shown(value),
        limit=str(LIMITS[field]) if field in LIMITS and wanted != "text" else wanted,
        source=LIMITS[field].source if field in LIMITS else None,
        fix=typed_fix(value, wanted),
    )


def _out_of_range(field: str, name: str, path: str, error: ErrorDetails) -> Problem:
    limit = LIMITS[field]
    return Problem(
        "out_of_range",
        path,
        f"{name} is {shown(error['input'])}; allowed are {_range(field)}.",
        value=shown(error["input"]),
        limit=_range(field),
        source=limit.source,
        fix=f"Write {_nearest(field, error)}.",
    )


def _range(field: str) -> str:
    return f"more than 0, {LIMITS[field]}" if field == "max_credits" else str(LIMITS[field])


def _nearest(field: str, error: ErrorDetails) -> str:
    limit = LIMITS[field]
    if limit.least is None:
        return "a number above zero, or leave the key out"
    is_low = error["type"].startswith("greater")
    return f"{limit.least if is_low else limit.most}, or another number in between"


def _not_allowed(field: str, name: str, path: str, error: ErrorDetails) -> Problem:
    value = error["input"]
    if value is None:
        return _wrong_type(field, name, path, error)
    if field == "model":
        return _other_model(path, value)
    choices = QUALITIES if field == "quality" else ASPECT_RATIOS
    return Problem(
        "not_allowed",
        path,
        f"{name} is {shown(value)}; allowed are {', '.join(choices)}.",
        value=shown(value),
        limit=", ".join(choices),
        source="seed",
        fix=choice_fix(field, value),
    )


def _other_model(path: str, value: object) -> Problem:
    return Problem(
        "model_unknown",
        path,
        f"The pipeline serves one model, and {shown(value)} is another.",
        value=shown(value),
        limit=MODEL,
        source="seed",
        fix=f"Remove the key, or write {MODEL}.",
    )


def _too_long(field: str, name: str, path: str, error: ErrorDetails) -> Problem:
    most, count = error["ctx"]["max_length"], error["ctx"]["actual_length"]
    limit = LIMITS.get(field)
    if limit is None or limit.most != most:
        limit = LIMITS["matrix"]
    return Problem(
        "metadata_too_large" if field == "metadata" else "too_many_values",
        path,
        f"{name} has {count:,} entries.",
        value=f"{count:,}",
        limit=str(limit),
        source=limit.source,
        fix=f"Remove {count - most:,} of them.",
    )


def _no_values(_: str, name: str, path: str, __: ErrorDetails) -> Problem:
    fix = "Give it at least one value, or remove it."
    return Problem("matrix_empty", path, f"The list {name} is empty.", fix=fix)


def _text_too_long(field: str, name: str, path: str, error: ErrorDetails) -> Problem:
    limit = LIMITS.get(field, LIMITS["reference"])
    limit = LIMITS["reference"] if field.endswith("_urls") else limit
    count = len(error["input"])
    return Problem(
        "text_too_long",
        path,
        f"{name} has {count:,} characters.",
        value=shown(error["input"]),
        limit=str(limit),
        source=limit.source,
        fix=f"Shorten it by {count - limit.most:,} characters.",
    )


def _empty_reference(_: str, name: str, path: str, __: ErrorDetails) -> Problem:
    return Problem("reference_empty", path, f"{name} is empty.", fix="Remove it from the list.")


def _wrong_form(field: str, name: str, path: str, error: ErrorDetails) -> Problem:
    code, what, limit, fix = FORMS[field]
    value = shown(error["input"])
    return Problem(code, path, f"{name} {what}: {value}.", value=value, limit=limit, fix=fix)


FORMS = {
    "prompt": (
        "prompt_blank",
        "says nothing",
        "at least one visible character",
        "Say what the video shows.",
    ),
    "name": (
        "name_invalid",
        "cannot name a folder",
        "letters, digits, . _ and -, at least one of them no dot",
        "Replace every other character, spaces too, by - or _.",
    ),
    "deadline": (
        "deadline_invalid",
        "is no date and time with a zone",
        "ISO 8601 with zone",
        "Write it as 2026-12-24T18:00:00Z, or with +01:00 in place of Z.",
    ),
}
_EXPLANATIONS: dict[str, Callable[[str, str, str, ErrorDetails], Problem]] = {
    "greater_than_equal": _out_of_range,
    "less_than_equal": _out_of_range,
    "greater_than": _out_of_range,
    "finite_number": _out_of_range,
    "literal_error": _not_allowed,
    "too_long": _too_long,
    "too_short": _no_values,
    "string_too_short": _empty_reference,
    "string_too_long": _text_too_long,
    "string_pattern_mismatch": _wrong_form,
}
