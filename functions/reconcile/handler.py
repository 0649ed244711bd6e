"""Looks from time to time whether ledger, provider, executions and archive agree."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from video_pipeline import wiring
from video_pipeline.domain.discrepancy import Kind
from video_pipeline.log import logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

wiring.make_clients("dynamodb", "s3", "secrets_manager", "step_functions")


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Look at everything, or at the one job that a redrive names."""
    if "job_id" in event:
        return {"goes_on": look_at(event["job_id"])}
    found = wiring.reconcile()()
    for each in found:
        logger.warning("discrepancy", **asdict(each))
    wiring.count("JobsForsaken", sum(each.kind is Kind.FORSAKEN_JOB for each in found))
    wiring.count("DiscrepanciesLeft", sum(not each.repaired for each in found))
    wiring.count("SubmissionIsPaused", int(wiring.is_paused()))
    logger.info("reconciled", found=len(found))
    return {"discrepancies": [asdict(each) for each in found]}


def look_at(job_id: str) -> bool:
    goes_on = wiring.look_at_job(job_id)
    logger.info("asked again", job_id=job_id, goes_on=goes_on)
    return goes_on
