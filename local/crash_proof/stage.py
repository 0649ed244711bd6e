"""The stack on which everything is broken: functions watched, waits shortened from outside."""

import json
import shutil
from pathlib import Path

from crash_proof.cases import REFERENCE
from crash_proof.picture import picture
from crash_proof.provider import ProviderBooks
from local_stack.build import Launcher
from local_stack.deploy import outputs
from local_stack.places import StackFolder
from local_stack.stack import Wishes, up
from local_stack.stack_file import Stack

CLOCK_SPEED = 20
DAILY_CREDIT_LIMIT = 1_000_000
BALANCE = 10_000_000
QUICK = {
    "PollSeconds": "3",
    "CreateTimeoutSeconds": "4",
    "SubmitTimeoutSeconds": "15",
    "SubmitQueueVisibilitySeconds": "60",
    "ReconcileMinutes": "2",
    "MaxAttempts": "2",
}
VISIBILITY = {
    "JobsQueueUrl": 18,  # beyond the function's timeout, as AWS demands
    "ManifestsQueueUrl": 15,
}
"""Seconds after which an unanswered message comes back; a template's figures suit a whole day."""

EMULATOR = {
    "rendering": "clip",
    "pending_seconds": 4,
    "processing_seconds": 30,
    "balance": BALANCE,
}


def crash_folder(folder: StackFolder) -> Path:
    return folder.path / "crashes"


def start(folder: StackFolder) -> Stack:
    """Start the stack with every function under watch."""
    crashes = crash_folder(folder)
    launcher = Launcher(
        module="crash_proof.inside",
        search=(crashes / "watch",),
        variables={"CRASH_FOLDER": str(crashes)},
    )
    wishes = Wishes(
        clock_speed=CLOCK_SPEED,
        daily_credit_limit=DAILY_CREDIT_LIMIT,
        parameters=QUICK,
        launcher=launcher,
    )
    stack = up(folder, wishes)
    for name in ("seen", "plans", "claims", "ahead"):
        (crashes / name).mkdir(parents=True)
    lay_watch(crashes / "watch")
    ProviderBooks(stack.provider_url).switch(**EMULATOR)
    shorten_waits(stack)
    lay_reference(stack)
    return stack


def lay_watch(folder: Path) -> None:
    """Copy what runs inside the functions, so that nothing else of ours is on their path."""
    ours = Path(__file__).parent
    shutil.copytree(ours / "inside", folder / ours.name / "inside")
    shutil.copy(ours / "__init__.py", folder / ours.name)


def lay_reference(stack: Stack) -> None:
    s3 = stack.clients().s3()
    s3.put_object(Bucket=stack.intake_bucket, Key=REFERENCE, Body=picture(REFERENCE))


def shorten_waits(stack: Stack) -> None:
    """Let messages come back soon; a dead letter's queue too, beside the one that feeds it."""
    sqs, told = stack.clients().sqs(), outputs(stack.clients())
    for name, seconds in VISIBILITY.items():
        url = told[name]
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])
        dead = attributes["Attributes"]["RedrivePolicy"]
        dead_url = url.rpartition("/")[0] + "/" + dead_letter_name(dead)
        for each in (url, dead_url):
            sqs.set_queue_attributes(QueueUrl=each, Attributes={"VisibilityTimeout": str(seconds)})


def dead_letter_name(policy: str) -> str:
    arn: str = json.loads(policy)["deadLetterTargetArn"]
    return arn.rpartition(":")[2]
