"""Submits one job per message: the only place that spends money."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from video_pipeline import wiring
from video_pipeline.log import logger
from video_pipeline.messages import Message, take_each
from video_pipeline.use_cases.submit_job import Order

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

wiring.make_clients("dynamodb", "secrets_manager", "step_functions", "sts")


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    def time_left() -> timedelta:
        return timedelta(milliseconds=context.get_remaining_time_in_millis())

    def submit(message: Message) -> None:
        order = Order.read(message.body)
        job = wiring.submit_job()(order, time_left)
        state = job.state if job else "forgotten"
        logger.info("order", job_id=order.job_id, attempt=order.attempt, state=state)

    return take_each(event, submit)
