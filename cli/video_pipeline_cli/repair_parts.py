"""The parts of the pipeline that repairs need, over a stack's own resources."""

import json
from typing import Any

from video_pipeline.adapters.dead_letters import StoredDeadLetters
from video_pipeline.adapters.intake import S3Receipts
from video_pipeline.adapters.manifests_queue import SqsManifestsQueue
from video_pipeline.adapters.runs import StepFunctionsRuns
from video_pipeline.use_cases.open_next_run import OpenNextRun
from video_pipeline.use_cases.redrive import Redrive
from video_pipeline.use_cases.redrive_dead_letters import RedriveDeadLetters
from video_pipeline.use_cases.show_receipt import ShowReceipt
from video_pipeline_cli.answer import CommandError
from video_pipeline_cli.target import Target


def redrive_of(target: Target) -> Redrive:
    runs = StepFunctionsRuns(target.client("stepfunctions"), target.outputs["StateMachineArn"])
    receipts = S3Receipts(target.s3)
    return Redrive(
        ledger=target.ledger,
        drops=target.drops,
        open_next_run=OpenNextRun(target.ledger, runs),
        show_receipt=ShowReceipt(target.drops, receipts, target.clock, target.policy),
        clock=target.clock,
        ask_again=lambda job_id: bool(call_reconcile(target, {"job_id": job_id})["goes_on"]),
    )


def dead_letters_of(target: Target, redrive: Redrive) -> RedriveDeadLetters:
    sqs = target.client("sqs")
    queues = {
        "manifests": target.outputs["DeadManifestsQueueUrl"],
        "jobs": target.outputs["DeadJobsQueueUrl"],
    }
    return RedriveDeadLetters(
        letters=StoredDeadLetters(target.s3, sqs, target.intake_bucket, queues),
        queue=SqsManifestsQueue(lambda: sqs, target.outputs["ManifestsQueueUrl"]),
        ledger=target.ledger,
        drops=target.drops,
        redrive=redrive,
    )


def call_reconcile(target: Target, payload: dict[str, str]) -> dict[str, Any]:
    """Have the stack's own function look: it may read the provider, whoever calls it."""
    answer = target.client("lambda").invoke(
        FunctionName=target.outputs["ReconcileFunctionName"], Payload=json.dumps(payload).encode()
    )
    found: dict[str, Any] = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise CommandError(f"reconcile failed: {found.get('errorMessage', 'see its log')}")
    return found
