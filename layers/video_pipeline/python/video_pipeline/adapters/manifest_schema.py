"""The JSON Schema of a manifest, generated from the model.

`python -m video_pipeline.adapters.manifest_schema` prints it;
a test keeps the committed one current.
"""

import json
import sys
from typing import Any

from pydantic import ConfigDict, Field
from pydantic.json_schema import models_json_schema

from video_pipeline.adapters.manifest_model import Defaults, Job, Settings, without_default
from video_pipeline.domain.limits import LIMITS

VERSION = 1


class Request(Settings, Job):
    """One request; a body that works against the provider's API is one."""

    # A matrix may hold the prompts.
    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["prompt"]}, {"required": ["matrix"]}]}
    )


class Manifest(Settings):
    """Jobs, and what holds for all of them."""

    defaults: Defaults = Field(default=Defaults(), json_schema_extra=without_default)
    jobs: list[Job] = Field(min_length=1, max_length=LIMITS["jobs"].most)


def manifest_schema() -> dict[str, Any]:
    _, schema = models_json_schema(
        [(model, "validation") for model in (Manifest, Request)],
        ref_template="#/$defs/{model}",
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:video-pipeline:manifest:{VERSION}",
        "title": "Manifest of the video pipeline",
        "description": "Drop it under manifests/ in the intake bucket.",
        "if": {"anyOf": [{"required": ["jobs"]}, {"required": ["defaults"]}]},
        "then": {"$ref": "#/$defs/Manifest"},
        "else": {"$ref": "#/$defs/Request"},
        "$defs": _without_titles(schema["$defs"]),
    }


def _without_titles(definitions: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Drop the titles made from field names, which say nothing that the names do not."""
    for definition in definitions.values():
        for field in definition["properties"].values():
            field.pop("title", None)
    return definitions


def as_text() -> str:
    return json.dumps(manifest_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_text())
