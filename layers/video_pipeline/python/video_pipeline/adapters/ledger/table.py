"""What is done to items, each time on a condition or consistently."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from video_pipeline.adapters.ledger.items import Item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BATCH = 100  # what one BatchGetItem takes


class Table:
    """One table; a failed condition is an answer, not an error."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client = client
        self._name = name

    def get(self, key: Item) -> Item:
        """Return an item as it is now; empty when there is none."""
        answer = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True)
        return answer.get("Item", {})

    def get_all(self, keys: Sequence[Item]) -> list[Item]:
        """Return those items that there are, as they are now, in any order."""
        found: list[Item] = []
        for first in range(0, len(keys), BATCH):
            wanted: Any = list(keys[first : first + BATCH])
            while wanted:
                answer = self._client.batch_get_item(
                    RequestItems={self._name: {"Keys": wanted, "ConsistentRead": True}}
                )
                found += answer["Responses"].get(self._name, [])
                left = answer["UnprocessedKeys"].get(self._name)
                wanted = left["Keys"] if left else []
        return found

    def query(self, partition: Item, beginning: str) -> Iterator[Item]:
        """Yield the items of a partition whose sort keys begin so, in their order."""
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :beginning)",
            ExpressionAttributeValues={":pk": partition, ":beginning": {"S": beginning}},
            ConsistentRead=True,
        )
        for page in pages:
            yield from page["Items"]

    def put_once(self, item: Item) -> bool:
        """Write an item unless there is one of its key."""
        condition = "attribute_not_exists(pk)"
        try:
            self._client.put_item(TableName=self._name, Item=item, ConditionExpression=condition)
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def update(
        self,
        key: Item,
        change: str,
        condition: str,
        values: Item,
        names: dict[str, str] | None = None,
    ) -> bool:
        """Change an item if the condition holds; names stand for reserved words."""
        more: dict[str, Any] = {"ExpressionAttributeNames": names} if names else {}
        try:
            self._client.update_item(
                TableName=self._name,
                Key=key,
                UpdateExpression=change,
                ConditionExpression=condition,
                ExpressionAttributeValues={f":{name}": value for name, value in values.items()},
                **more,
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True
