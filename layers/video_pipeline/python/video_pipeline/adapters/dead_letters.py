"""What queues gave up on: messages still in the dead-letter queues, and copies in the bucket."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from video_pipeline.adapters.graveyard import FOLDER
from video_pipeline.ports import DeadLetter

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

MOST_AT_ONCE = 10


class StoredDeadLetters:
    """The dead-letters port; `queues` are the URLs of the dead-letter queues by name."""

    def __init__(
        self, s3: "S3Client", sqs: "SQSClient", bucket: str, queues: Mapping[str, str]
    ) -> None:
        self._s3 = s3
        self._sqs = sqs
        self._bucket = bucket
        self._queues = queues

    def letters(self) -> Iterator[DeadLetter]:
        """Yield each letter; one that nobody forgets is there again later."""
        for queue, url in self._queues.items():
            yield from self._waiting(queue, url)
            yield from self._kept(queue)

    def forget(self, letter: DeadLetter) -> None:
        if letter.handle is not None:
            self._sqs.delete_message(
                QueueUrl=self._queues[letter.queue], ReceiptHandle=letter.handle
            )
        if letter.key is not None:
            self._s3.delete_object(Bucket=self._bucket, Key=letter.key)

    def _waiting(self, queue: str, url: str) -> Iterator[DeadLetter]:
        while True:
            answer = self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=MOST_AT_ONCE)
            messages = answer.get("Messages", [])
            if not messages:
                return
            for message in messages:
                yield DeadLetter(queue, message["Body"], handle=message["ReceiptHandle"])

    def _kept(self, queue: str) -> Iterator[DeadLetter]:
        pages = self._s3.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self._bucket, Prefix=f"{FOLDER}/{queue}/"):
            for found in page.get("Contents", []):
                with self._s3.get_object(Bucket=self._bucket, Key=found["Key"])["Body"] as body:
                    yield DeadLetter(queue, body.read().decode(), key=found["Key"])
