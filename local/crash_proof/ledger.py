"""The ledger's rows as plain values, read without the product's own code."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Row = dict[str, Any]


def plain(item: Any) -> Row:  # noqa: ANN401 - boto3's own
    return {name: value_of(attribute) for name, attribute in item.items()}


def value_of(attribute: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever was stored
    kind, value = next(iter(attribute.items()))
    match kind:
        case "N":
            return int(value)
        case "M":
            return plain(value)
        case "SS":
            return sorted(value)
    return value


def rows(client: "DynamoDBClient", table: str) -> Iterator[Row]:
    """Yield every row of the ledger."""
    pages = client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    for page in pages:
        for item in page["Items"]:
            yield plain(item)
