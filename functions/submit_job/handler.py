"""Submits one job per message: the only place that spends money."""

from datetime import timedelta
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from video_pipeline import wiring
from video_pipeline.use_cases.submit_job import Order

logger = Logger()
processor = BatchProcessor(event_type=EventType.SQS)


def submit(record: SQSRecord, lambda_context: LambdaContext) -> None:
    order = Order.read(record.body)

    def time_left() -> timedelta:
        return timedelta(milliseconds=lambda_context.get_remaining_time_in_millis())

    job = wiring.submit_job()(order, time_left)
    state = job.state if job else "forgotten"
    wiring.count(f"Order{state.title()}")
    logger.info("order", job_id=order.job_id, attempt=order.attempt, state=state)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(event, submit, processor, context)
