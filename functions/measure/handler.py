"""Measures all jobs and the day's money from time to time."""

from typing import TYPE_CHECKING, Any

from video_pipeline import wiring
from video_pipeline.log import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

wiring.make_clients("dynamodb")


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    figures = wiring.measure()()
    for figure in figures:
        wiring.emit(figure)
    logger.info("measured", figures=len(figures))
    return {"figures": len(figures)}
