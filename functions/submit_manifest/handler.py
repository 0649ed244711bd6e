"""Takes dropped manifests in, one queue message each."""

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

    def take_in(message: Message) -> None:
        match wiring.submit_manifest()(DroppedObject.read(message.body), time_left):
            case None:
                logger.info("not a manifest")
            case DroppedObject() as rest:
                logger.info(
                    "to be continued", manifest=rest.key, phase=rest.phase, slice=rest.slice
                )
            case drop:
                wiring.count(f"Manifest{drop.state.title()}")
                logger.info(
                    "manifest",
                    manifest=drop.key,
                    drop_id=drop.id,
                    state=drop.state,
                    jobs=drop.total,
                )

    return take_each(event, take_in)
