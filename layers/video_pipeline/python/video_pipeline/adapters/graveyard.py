"""Copies of what a queue gave up on, kept where a person can find them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


FOLDER = "dead-letters"


class Graveyard:
    """Dead messages as objects under `dead-letters/` of the intake bucket."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def keep(self, queue: str, message_id: str, body: str) -> str:
        """Keep a message; the same one again is the same object."""
        key = f"{FOLDER}/{queue}/{message_id}.json"
        self._client.put_object(
            Bucket=self._bucket, Key=key, Body=body.encode(), ContentType="application/json"
        )
        return key
