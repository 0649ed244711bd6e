"""Continues a job whose execution failed, timed out or was stopped."""

from typing import TYPE_CHECKING, Any

from video_pipeline import wiring
from video_pipeline.domain.identity import split_run_name
from video_pipeline.log import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

wiring.make_clients("dynamodb", "step_functions")


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Take an execution's status change; the name tells job and run."""
    detail = event["detail"]
    job_id, run = split_run_name(detail["name"])
    continued = wiring.continue_run()(job_id, run)
    wiring.count("RunDied")
    logger.warning(
        "run died",
        job_id=job_id,
        execution=detail["name"],
        status=detail["status"],
        continued=continued,
    )
    return {}
