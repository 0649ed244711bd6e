"""Tells what became of drops that the manifests queue gave up on."""

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
from video_pipeline.use_cases.submit_manifest import DroppedObject

logger = Logger()
processor = BatchProcessor(event_type=EventType.SQS)


def bury(record: SQSRecord) -> None:
    kept = wiring.graveyard().keep("manifests", record.message_id, record.body)
    wiring.count("ManifestDead")
    try:
        dropped = DroppedObject.read(record.body)
    except (ValueError, KeyError, TypeError):
        logger.error("unreadable dead letter", kept=kept)  # noqa: TRY400 - the copy tells more
        return
    drop = wiring.bury_manifest()(dropped)
    logger.error("dead manifest", key=dropped.key, kept=kept, state=drop.state if drop else None)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(event, bury, processor, context)
