"""The manifests queue: where the rest of a large drop waits for the next invocation."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_sqs import SQSClient


class SqsManifestsQueue:
    """The manifests queue port; few drops need it, so its client is made when one does."""

    def __init__(self, client: "Callable[[], SQSClient]", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, message: str) -> None:
        self._client().send_message(QueueUrl=self._url, MessageBody=message)
