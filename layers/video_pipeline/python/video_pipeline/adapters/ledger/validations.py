"""What validating some slices found, kept while others of the manifest are still to come."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from video_pipeline.adapters.ledger import items
from video_pipeline.adapters.ledger.table import Table
from video_pipeline.adapters.ledger.transaction import keep_until
from video_pipeline.domain.problem import Problem
from video_pipeline.domain.slices import Cursor, Page, Validated

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEEP_DAYS = 14  # as long as a message may lie in the queue


class DynamoValidations:
    """The validations port over the ledger's table; an item holds a slice, compressed."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table
        self._items = Table(client, table)

    def keep(self, drop_id: str, first: int, validated: Sequence[Validated], now: datetime) -> None:
        expires = items.encode(keep_until(now, KEEP_DAYS))
        for number, each in enumerate(validated, start=first):
            found = zlib.compress(json.dumps(asdict(each), ensure_ascii=False).encode())
            row = {"found": {"B": found}, "expires_at": expires}
            key = items.validated_key(drop_id, number)
            self._client.put_item(TableName=self._table, Item={**key, **row})

    def recall(self, drop_id: str) -> tuple[Validated, ...]:
        found = self._items.query(items.validated_key(drop_id, 0)["pk"], "VALIDATED#")
        return tuple(
            _validated(json.loads(zlib.decompress(items.plain(item["found"])))) for item in found
        )


def _validated(tree: dict[str, Any]) -> Validated:
    page, following = tree["page"], tree["next"]
    return Validated(
        page=Page(Cursor(**page["start"]), tuple(page["job_ids"])),
        names=tuple(tree["names"]),
        paths=tuple(tree["paths"]),
        metadata=tree["metadata"],
        units=tree["units"],
        errors=tuple(Problem(**each) for each in tree["errors"]),
        warnings=tuple(Problem(**each) for each in tree["warnings"]),
        next=Cursor(**following) if following else None,
    )
