"""The template as plain values, with its short function tags kept as long ones."""

from functools import cache
from pathlib import Path
from typing import Any

from documents.template import load_template as load_template  # noqa: PLC0414 - for all tests

ROOT = Path(__file__).parents[2]


@cache
def table_definition() -> dict[str, Any]:
    """Return what CreateTable needs, from the template itself."""
    wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    properties = load_template()["Resources"]["Ledger"]["Properties"]
    return {name: properties[name] for name in wanted}
