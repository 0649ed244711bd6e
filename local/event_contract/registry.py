"""The schemas as EventBridge's registry takes them: Draft 4, in a template of their own."""

import json
from typing import Any

from event_contract.compatibility import Schema
from video_pipeline.domain.events import SOURCE

DRAFT_4 = "http://json-schema.org/draft-04/schema#"
LONGEST_DESCRIPTION = 256  # of a schema in the registry


def registry_template(schemas: dict[str, Schema]) -> dict[str, Any]:
    """Return the nested template that registers the schemas, each under its kind of event."""
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Schemas of the events of video-pipeline; written by `make published`.",
        "Parameters": {
            "RegistryName": {"Type": "String", "Description": "Of the stack that tells the events."}
        },
        "Resources": {
            "Registry": {
                "Type": "AWS::EventSchemas::Registry",
                "Properties": {
                    "RegistryName": {"Ref": "RegistryName"},
                    "Description": "What the pipeline tells, as its subscribers get it.",
                },
            },
            **{kind.replace(" ", ""): _schema(kind, schema) for kind, schema in schemas.items()},
        },
        "Outputs": {
            "RegistryArn": {
                "Description": "Of the registry that holds the schemas.",
                "Value": {"Fn::GetAtt": ["Registry", "RegistryArn"]},
            }
        },
    }


def _schema(kind: str, schema: Schema) -> dict[str, Any]:
    content = json.dumps(draft_4(schema), ensure_ascii=False, separators=(",", ":"))
    return {
        "Type": "AWS::EventSchemas::Schema",
        "Properties": {
            "RegistryName": {"Fn::GetAtt": ["Registry", "RegistryName"]},
            "SchemaName": f"{SOURCE}@{kind.replace(' ', '')}",
            "Description": schema["description"][:LONGEST_DESCRIPTION],
            "Type": "JSONSchemaDraft4",
            "Content": content,
        },
    }


def draft_4(schema: Schema) -> Schema:
    """Return a schema in the words of Draft 4, which knows no `const`.

    An open enumeration becomes plain text: code bindings are made of this,
    and a value that joins later must not break them.
    """
    return {**_older(schema), "$schema": DRAFT_4}


def _older(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, list):
        return [_older(part) for part in value]
    if not isinstance(value, dict):
        return value
    kept = {name: part for name, part in value.items() if name not in {"const", "anyOf", "$schema"}}
    if "const" in value:
        kept["enum"] = [value["const"]]
    return {name: _older(part) for name, part in kept.items()}
