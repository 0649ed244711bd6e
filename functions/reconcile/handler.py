"""Looks for forsaken jobs from time to time."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from video_pipeline import wiring
from video_pipeline.log import logger


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    forsaken = wiring.reconcile()()
    wiring.count("JobsForsaken", forsaken)
    logger.info("reconciled", forsaken=forsaken)
    return {"forsaken": forsaken}
