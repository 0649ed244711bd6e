"""Which stack a command works on: the local one, or a deployed one by its name."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from local_stack.deploy import STACK_NAME
from local_stack.environment import forget_caller
from local_stack.places import STACK_FILE
from local_stack.stack_file import Stack
from video_pipeline.adapters.bus import EventBridgeBus
from video_pipeline.adapters.clock import SystemClock
from video_pipeline.adapters.ledger.account import DynamoAccount
from video_pipeline.adapters.ledger.drops import DynamoDrops
from video_pipeline.adapters.ledger.jobs import DynamoLedger
from video_pipeline.adapters.price_list import PriceListError, load_prices
from video_pipeline.domain.credits import to_units
from video_pipeline.domain.policy import Policy
from video_pipeline.domain.prices import PriceList
from video_pipeline.ports import Clock
from video_pipeline_cli.answer import WRONG_USAGE, CommandError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

LOCAL = "local"
SIGNED = Config(signature_version="s3v4")  # the only one that every region takes for links


@dataclass(frozen=True)
class Target:
    """One running stack; `sleep` is how long to wait between two looks at it.

    `client` makes a client of any AWS service; `stack` is the name that CloudFormation knows.
    """

    name: str
    s3: "S3Client"
    dynamodb: "DynamoDBClient"
    intake_bucket: str
    archive_bucket: str
    table: str
    client: Callable[[str], Any]
    stack: str = STACK_NAME
    daily_credits: float = 0
    retention_days: int = 400
    price_list: str | None = None
    policy: Policy = field(default_factory=Policy)
    clock: Clock = field(default_factory=SystemClock)
    sleep: Callable[[float], None] = time.sleep

    @property
    def is_local(self) -> bool:
        return self.name == LOCAL

    @cached_property
    def outputs(self) -> dict[str, str]:
        """What the stack tells of itself, read only by commands that need it."""
        (stack,) = self.client("cloudformation").describe_stacks(StackName=self.stack)["Stacks"]
        return _outputs(stack)

    @property
    def bus(self) -> EventBridgeBus:
        return EventBridgeBus(lambda: self.client("events"), self.outputs["EventBusName"])

    @property
    def prices(self) -> PriceList:
        try:
            return load_prices(self.price_list)
        except PriceListError as error:
            raise CommandError(f"{error} Mend PriceList of the stack {self.name}.") from error

    @property
    def ledger(self) -> DynamoLedger:
        cap = to_units(self.daily_credits)
        return DynamoLedger(
            self.dynamodb, self.table, daily_cap=cap, retention_days=self.retention_days
        )

    @property
    def account(self) -> DynamoAccount:
        return DynamoAccount(self.dynamodb, self.table, retention_days=self.retention_days)

    @property
    def drops(self) -> DynamoDrops:
        return DynamoDrops(self.dynamodb, self.table, retention_days=self.retention_days)


def open_target(stack: str | None, stack_file: Path | None) -> Target:
    """Open the stack that was named, else the local one.

    The caller's AWS settings are out of sight as long as the local stack is meant.
    """
    if stack is not None:
        return _deployed(stack)
    forget_caller()
    return _local(stack_file or STACK_FILE)


def _local(path: Path) -> Target:
    try:
        stack = Stack(**json.loads(path.read_text()))
    except FileNotFoundError as error:
        raise CommandError(
            f"No local stack is up ({os.path.relpath(path)} is not there). "
            "Start one with `make up`, or name a deployed one with --stack NAME.",
            WRONG_USAGE,
        ) from error
    except (OSError, ValueError, TypeError) as error:
        raise CommandError(f"{path} does not describe a local stack: {error}") from error
    clients = stack.clients()
    return Target(
        name=LOCAL,
        s3=clients.s3(),
        dynamodb=clients.dynamodb(),
        intake_bucket=stack.intake_bucket,
        archive_bucket=stack.archive_bucket,
        table=stack.table_name,
        client=clients.of,
        daily_credits=stack.daily_credit_limit,
    )


def _deployed(name: str) -> Target:
    session = boto3.Session()
    (stack,) = session.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    outputs = _outputs(stack)
    chosen = _parameters(stack)
    try:
        return Target(
            name=name,
            s3=session.client("s3", config=SIGNED),
            dynamodb=session.client("dynamodb"),
            intake_bucket=outputs["IntakeBucket"],
            archive_bucket=outputs["ArchiveBucket"],
            table=outputs["LedgerTable"],
            client=lambda service: _client(session, service),
            stack=name,
            daily_credits=float(chosen["DailyCreditLimit"]),
            retention_days=int(chosen["RetentionDays"]),
            price_list=chosen.get("PriceList") or None,
            policy=Policy(
                max_attempts=int(chosen["MaxAttempts"]),
                stuck_after=timedelta(hours=int(chosen["StuckAfterHours"])),
                reference_patience=timedelta(minutes=int(chosen["ReferencePatienceMinutes"])),
            ),
        )
    except KeyError as error:
        raise CommandError(
            f"The stack {name} is no video pipeline: it has no {error}.", WRONG_USAGE
        ) from error


def _client(session: Any, service: str) -> Any:  # noqa: ANN401 - of whatever was named
    return session.client(service)


def _outputs(stack: "StackTypeDef") -> dict[str, str]:
    return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}


def _parameters(stack: "StackTypeDef") -> dict[str, str]:
    return {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", [])}
