"""Gives orders that the jobs queue gave up on back to the wheel."""

from typing import TYPE_CHECKING, Any

from video_pipeline import wiring
from video_pipeline.log import logger
from video_pipeline.messages import Message, take_each
from video_pipeline.use_cases.submit_job import Order

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

wiring.make_clients("s3", "step_functions")


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    return take_each(event, bury)


def bury(message: Message) -> None:
    kept = wiring.graveyard().keep("jobs", message.id, message.body)
    wiring.count("DeadLetter")
    try:
        order = Order.read(message.body)
    except (ValueError, KeyError, TypeError):
        logger.error("unreadable dead letter", kept=kept)
        return
    wiring.bury_job()(order)
    logger.error("dead order", job_id=order.job_id, attempt=order.attempt, kept=kept)
