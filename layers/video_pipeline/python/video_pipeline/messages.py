"""The queue messages of one invocation, each taken by itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from video_pipeline.log import logger


class MessagesFailedError(Exception):
    """Not one message was taken, so the invocation as a whole has failed."""


@dataclass(frozen=True, slots=True)
class Message:
    id: str
    body: str


def take_each(event: Mapping[str, Any], take: Callable[[Message], None]) -> dict[str, Any]:
    """Take every message, and name those that the queue shall bring again.

    Raises MessagesFailedError when all failed, so that AWS counts an error of the function.
    """
    messages = [Message(record["messageId"], record["body"]) for record in event["Records"]]
    failed = [message.id for message in messages if not _is_taken(message, take)]
    if len(failed) == len(messages):
        raise MessagesFailedError(f"None of {len(messages)} messages was taken.")
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def _is_taken(message: Message, take: Callable[[Message], None]) -> bool:
    try:
        take(message)
    except Exception:  # noqa: BLE001 - whatever it is, the queue brings the message again
        logger.exception("message failed", message_id=message.id)
        return False
    return True
