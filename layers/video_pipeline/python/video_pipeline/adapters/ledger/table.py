"""The three things that are done to single items, each on a condition or consistently."""

from typing import TYPE_CHECKING, Any

from video_pipeline.adapters.ledger.items import Item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Table:
    """One table; a failed condition is an answer, not an error."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client = client
        self._name = name

    def get(self, key: Item) -> Item:
        """Return an item as it is now; empty when there is none."""
        answer = self._client.get_item(TableName=self._name, Key=key, ConsistentRead=True)
        return answer.get("Item", {})

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
