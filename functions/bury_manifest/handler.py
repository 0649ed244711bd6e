"""Tells what became of drops that the manifests queue gave up on."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from video_pipeline import wiring
from video_pipeline.log import logger
from video_pipeline.messages import Message, take_each
from video_pipeline.use_cases.submit_manifest import DroppedObject

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

wiring.make_clients("dynamodb", "s3", "step_functions")


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    def time_left() -> timedelta:
        return timedelta(milliseconds=context.get_remaining_time_in_millis())

    def bury(message: Message) -> None:
        kept = wiring.graveyard().keep("manifests", message.id, message.body)
        wiring.count("DeadLetter")
        try:
            dropped = DroppedObject.read(message.body)
        except (ValueError, KeyError, TypeError):
            logger.error("unreadable dead letter", kept=kept)
            return
        wiring.bury_manifest()(dropped, time_left)
        logger.error("dead manifest", manifest=dropped.key, kept=kept)

    return take_each(event, bury)
