"""Gives orders that the jobs queue gave up on back to the wheel."""

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


def bury(record: SQSRecord) -> None:
    kept = wiring.graveyard().keep("jobs", record.message_id, record.body)
    wiring.count("OrderDead")
    try:
        order = Order.read(record.body)
    except (ValueError, KeyError, TypeError):
        logger.error("unreadable dead letter", kept=kept)  # noqa: TRY400 - the copy tells more
        return
    wiring.bury_job()(order)
    logger.error("dead order", job_id=order.job_id, attempt=order.attempt, kept=kept)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(event, bury, processor, context)
