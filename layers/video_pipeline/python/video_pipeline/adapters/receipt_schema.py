"""The JSON Schema of a receipt, generated from its classes.

`python -m video_pipeline.adapters.receipt_schema` prints it;
a test keeps the committed one current.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any, get_type_hints

from pydantic import TypeAdapter

from video_pipeline.domain.problem import Problem
from video_pipeline.domain.receipt import VERSION, Receipt, ReceiptJob


def receipt_schema() -> dict[str, Any]:
    schema = TypeAdapter(Receipt).json_schema(mode="serialization")
    definitions: dict[str, Any] = schema.pop("$defs")
    whole = {name: part for name, part in schema.items() if name not in {"title", "description"}}
    _describe(whole, Receipt)
    _describe(definitions["ReceiptJob"], ReceiptJob)
    _describe(definitions["Problem"], Problem)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:video-pipeline:receipt:{VERSION}",
        "title": "Receipt of the video pipeline",
        "description": "Lies under receipts/ in the intake bucket, and is rewritten as jobs end.",
        **whole,
        "$defs": {name: _plain(part) for name, part in definitions.items()},
    }


def _describe(schema: dict[str, Any], kind: type) -> None:
    """Put the words of the annotations in the place of titles made from names."""
    hints = get_type_hints(kind, include_extras=True)
    for name, field in schema["properties"].items():
        field.pop("title", None)
        for words in getattr(hints[name], "__metadata__", ()):
            field["description"] = words
    schema["required"] = list(schema["properties"])


def _plain(definition: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in definition.items() if name != "title"}


def as_text() -> str:
    return json.dumps(receipt_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_text())
