"""Takes dropped manifests in, one queue message each."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from video_pipeline import wiring
from video_pipeline.log import logger
from video_pipeline.messages import Message, take_each
from video_pipeline.use_cases.submit_manifest import DroppedObject


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return take_each(event, take_in)


def take_in(message: Message) -> None:
    dropped = DroppedObject.read(message.body)
    drop = wiring.submit_manifest()(dropped)
    if drop is None:
        logger.info("not a manifest", key=dropped.key)
    else:
        wiring.count(f"Manifest{drop.state.title()}")
        logger.info("manifest", key=drop.key, drop_id=drop.id, state=drop.state, jobs=drop.total)
