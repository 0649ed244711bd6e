"""Keep a row for each finished video; an event that comes twice, or late, changes nothing."""

import os
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@cache
def table() -> "DynamoDBClient":
    return boto3.client("dynamodb")


def handler(event: dict[str, Any], context: object) -> None:
    detail = event["detail"]
    video = detail["video"]
    row = {
        "job": {"S": detail["job"]["id"]},
        "event": {"S": detail["event_id"]},
        "number": {"N": str(detail["sequence"])},
        "name": {"S": detail["job"]["name"]},
        "video": {"S": video["uri"]},
        "version": {"S": video["version_id"]},
        "seconds": {"N": str(video["seconds"])},
        "credits": {"N": str(detail["credits"])},
    }
    client = table()
    try:
        client.put_item(
            TableName=os.environ["TABLE_NAME"],
            Item=row,
            ConditionExpression="attribute_not_exists(job) OR #number < :number",
            ExpressionAttributeNames={"#number": "number"},
            ExpressionAttributeValues={":number": row["number"]},
        )
    except client.exceptions.ConditionalCheckFailedException:
        print(f"{detail['event_id']} was here before")
