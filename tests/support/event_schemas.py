"""What subscribers are promised about each kind of event, as JSON Schemas."""

from collections.abc import Mapping
from typing import Any

from video_pipeline.domain.control import PAUSES
from video_pipeline.domain.reasons import NEXT_STEPS

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "integer", "minimum": 0}
YES_OR_NO: Schema = {"type": "boolean"}
INSTANT: Schema = {"type": "string", "format": "date-time"}
SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def exactly(value: object) -> Schema:
    return {"const": value}


def one_of(*values: str) -> Schema:
    return {"enum": sorted(values)}


def or_none(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def record(*, optional: Mapping[str, Schema] | None = None, **required: Schema) -> Schema:
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
    }


MANIFEST_VERSION = {"bucket": TEXT, "key": TEXT, "version": TEXT}
COMMON = {"version": exactly("1"), "event_id": TEXT, "sequence": COUNT, "time": INSTANT}
METADATA: Schema = {"type": "object", "additionalProperties": TEXT}
STAGES = {"submitted": INSTANT, "completed": INSTANT, "link_expires": INSTANT}
OF_JOB = {
    **COMMON,
    "job": record(
        id={"type": "string", "pattern": "^[0-9a-f]{32}$"},
        name=TEXT,
        attempt={"type": "integer", "minimum": 1},
        task_id=or_none(TEXT),
        manifest=record(**MANIFEST_VERSION),
    ),
    "metadata": METADATA,
    "times": record(accepted=INSTANT, optional=STAGES),
}
OF_MANIFEST = {
    **COMMON,
    "manifest": record(**MANIFEST_VERSION, drop_id=TEXT),
    "metadata": METADATA,
}
OUTCOME = {
    "reason": TEXT,
    "message": or_none(TEXT),
    "charged": one_of("yes", "no", "unknown"),
    "credits": or_none(NUMBER),
    "next_step": TEXT,
}
VIDEO = record(
    bucket=TEXT,
    key=TEXT,
    version_id=TEXT,
    bytes=COUNT,
    sha256=SHA256,
    seconds=NUMBER,
    width=COUNT,
    height=COUNT,
    has_audio=YES_OR_NO,
)
OF_ACCOUNT = {**COMMON, "account": record(paused=YES_OR_NO), "metadata": METADATA}
FAILURES = NEXT_STEPS.keys() - {"archived", "unconfirmed"}

DETAILS: dict[str, dict[str, Schema]] = {
    "Manifest Accepted": {**OF_MANIFEST, "jobs": COUNT},
    "Manifest Rejected": {
        **OF_MANIFEST,
        "reason": one_of("invalid_manifest", "undeliverable"),
        "error_codes": {"type": "array", "items": TEXT},
        "errors": COUNT,
        "charged": exactly("no"),
        "credits": exactly(0),
        "next_step": TEXT,
    },
    "Manifest Completed": {
        **OF_MANIFEST,
        "jobs": COUNT,
        "ends": record(archived=COUNT, failed=COUNT, unconfirmed=COUNT),
    },
    "Video Submitted": {**OF_JOB, "credits_reserved": or_none(NUMBER)},
    "Video Archived": {
        **OF_JOB,
        **OUTCOME,
        "reason": exactly("archived"),
        "charged": exactly("yes"),
        "credits": NUMBER,
        "video": VIDEO,
        "poster_key": TEXT,
        "result_key": TEXT,
    },
    "Video Failed": {**OF_JOB, **OUTCOME, "reason": one_of(*FAILURES)},
    "Video Unconfirmed": {
        **OF_JOB,
        **OUTCOME,
        "reason": exactly("unconfirmed"),
        "charged": exactly("unknown"),
    },
    "Submission Paused": {
        **OF_ACCOUNT,
        "reason": one_of(*PAUSES),
        "message": TEXT,
        "next_step": TEXT,
    },
    "Submission Resumed": {
        **OF_ACCOUNT,
        "reason": one_of(*PAUSES),
        "resumed_by": one_of("person", "probe"),
        "paused_since": INSTANT,
    },
    "Link At Risk": {**OF_JOB, "trouble": or_none(TEXT)},
}


def schema_of(kind: str) -> Schema:
    whole = {
        "source": exactly("video-pipeline"),
        "detail-type": exactly(kind),
        "detail": record(**DETAILS[kind]),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind,
        **record(**whole),
    }
