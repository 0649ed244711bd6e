"""All open jobs together, counted by the index that holds nothing but them."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from video_pipeline.adapters.ledger import items
from video_pipeline.adapters.ledger.table import Table
from video_pipeline.domain.job import JobState
from video_pipeline.ports import Standing

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BATCH = 100  # what one BatchGetItem takes


class DynamoCensus:
    """The census port over the ledger's table; the index trails the table by a moment."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table
        self._items = Table(client, table)

    def standing(self, state: JobState) -> Standing:
        count, oldest = 0, None
        for page in self._open(state):
            count += page["Count"]
            if oldest is None and page["Items"]:
                oldest = datetime.fromisoformat(items.plain(page["Items"][0]["state_since"]))
        return Standing(count, oldest)

    def links_that_end_before(self, instant: datetime) -> int:
        ids = [
            items.plain(item["id"])
            for page in self._open(JobState.COMPLETED)
            for item in page["Items"]
        ]
        limit = items.instant(instant)
        return sum(end < limit for end in self._link_ends(ids))

    def credits(self, day: str) -> tuple[int, int]:
        row = self._items.get(items.credits_key(day))
        return tuple(items.plain(row[name]) if row else 0 for name in ("reserved", "charged"))  # type: ignore[return-value]  # of two names

    def _open(self, state: JobState) -> Iterator[Any]:
        yield from self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName="open_jobs",
            KeyConditionExpression="open_state = :state",
            ExpressionAttributeValues={":state": items.encode(state)},
        )

    def _link_ends(self, ids: list[str]) -> Iterator[str]:
        for first in range(0, len(ids), BATCH):
            keys: list[Any] = [items.job_key(name) for name in ids[first : first + BATCH]]
            asked: Any = {"Keys": keys, "ProjectionExpression": "link_expires_at"}
            answer = self._client.batch_get_item(RequestItems={self._table: asked})
            for item in answer["Responses"].get(self._table, []):
                if "link_expires_at" in item:
                    yield items.plain(item["link_expires_at"])
