"""Takes dropped manifests in, one queue message each."""

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


def take_in(record: SQSRecord) -> None:
    dropped = DroppedObject.read(record.body)
    drop = wiring.submit_manifest()(dropped)
    if drop is None:
        logger.info("not a manifest", key=dropped.key)
    else:
        wiring.count(f"Manifest{drop.state.title()}")
        logger.info("manifest", key=drop.key, drop_id=drop.id, state=drop.state, jobs=drop.total)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(event, take_in, processor, context)
