"""JSON Schemas of the events, made from the types of their details."""

import types
from typing import (
    Annotated,
    Any,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from video_pipeline.domain import event_details
from video_pipeline.domain.completion_report import VERSION as REPORT_VERSION
from video_pipeline.domain.completion_report import CompletionReport
from video_pipeline.domain.event_details import Such
from video_pipeline.domain.events import SOURCE, VERSIONS
from video_pipeline.domain.result import VERSION as RESULT_VERSION
from video_pipeline.domain.result import Result

Schema = dict[str, Any]

REPORT = "Completion Report"
RESULT = "Result"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}


def event_schema(kind: str) -> Schema:
    """Return the schema of an event as EventBridge delivers it; the envelope has more fields."""
    detail = schema_of(detail_type(kind))
    detail["properties"]["version"]["const"] = VERSIONS[kind]
    return {
        "$schema": DIALECT,
        "title": kind,
        "description": (detail_type(kind).__doc__ or "").strip(),
        "type": "object",
        "properties": {
            "source": {"const": SOURCE},
            "detail-type": {"const": kind},
            "detail": detail,
        },
        "required": ["source", "detail-type", "detail"],
    }


def report_schema() -> Schema:
    """Return the schema of the completion report that lies beside a receipt."""
    return _document(REPORT, CompletionReport, REPORT_VERSION)


def result_schema() -> Schema:
    """Return the schema of the result.json that lies beside a video."""
    return _document(RESULT, Result, RESULT_VERSION)


def _document(title: str, kind: type, version: str) -> Schema:
    schema = schema_of(kind)
    schema["properties"]["version"]["const"] = version
    described = (kind.__doc__ or "").strip()
    return {"$schema": DIALECT, "title": title, "description": described, **schema}


def detail_type(kind: str) -> type:
    found: type = getattr(event_details, kind.replace(" ", ""))
    return found


def schema_of(kind: Any) -> Schema:  # noqa: ANN401, PLR0911 - a table of types, one answer each
    """Return the schema of a type; raises TypeError for one that no detail should hold."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_typeddict(kind):
        return _record(kind)
    if origin is Annotated:
        return _annotated(*arguments)
    if origin is Literal:
        return {"type": "string", "enum": list(arguments)}
    if origin is list:
        return {"type": "array", "items": schema_of(arguments[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(arguments[1])}
    if origin in {Union, types.UnionType} and type(None) in arguments:
        return _or_null(*(part for part in arguments if part is not type(None)))
    if kind in PLAIN:
        return {"type": PLAIN[kind]}
    raise TypeError(f"no schema for {kind}")


def _record(kind: type) -> Schema:
    fields = get_type_hints(kind, include_extras=True)
    return {
        "type": "object",
        "properties": {name: schema_of(part) for name, part in fields.items()},
        "required": list(fields),
    }


def _annotated(kind: Any, *remarks: object) -> Schema:  # noqa: ANN401 - any type
    schema = schema_of(kind)
    for remark in remarks:
        if isinstance(remark, str):
            schema["description"] = remark
        elif isinstance(remark, Such):
            schema |= _keywords(remark)
    return schema


def _keywords(such: Such) -> Schema:
    named = such._asdict()
    known = list(named.pop("known"))
    open_ended = {"anyOf": [{"enum": known}, {"type": "string"}]} if known else {}
    return {name: value for name, value in named.items() if value is not None} | open_ended


def _or_null(kind: Any) -> Schema:  # noqa: ANN401 - any type
    schema = schema_of(kind)
    return {**schema, "type": [schema["type"], "null"]}
