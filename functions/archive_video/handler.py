"""Copies one finished video into the archive."""

from typing import TYPE_CHECKING, Any

from video_pipeline import wiring
from video_pipeline.log import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

wiring.make_clients("dynamodb", "s3", "s3_once")


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Take a job id, archive its video; the ledger tells the hub how it went."""
    job_id = event["job_id"]
    job = wiring.archive_video()(job_id)
    trouble = job.archive_trouble if job else None
    state = job.state if job else "forgotten"
    logger.info("archive", job_id=job_id, state=state, trouble=trouble)
    return {}
