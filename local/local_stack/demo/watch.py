"""Show on the terminal how each job moves, as the ledger and the receipts tell it."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local_stack.demo.samples import Sample
from local_stack.errors import LocalStackError
from local_stack.stack_file import Stack

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

PATIENCE = 180.0
PAUSE = 0.1
ENDED = ("completed", "rejected")

Receipt = dict[str, Any]


@dataclass
class Watch:
    """Remembers what it has shown, so that every change is shown once."""

    ledger: "DynamoDBClient"
    table: str
    store: "S3Client"
    bucket: str
    started: float = field(default_factory=time.monotonic)
    shown: dict[str, str] = field(default_factory=dict)

    def follow(self, samples: Sequence[Sample]) -> dict[str, Receipt]:
        """Look until every receipt tells an end, and return the receipts."""
        receipts: dict[str, Receipt] = {}
        while len(receipts) < len(samples):
            self.show_jobs()
            for sample in samples:
                receipt = self.ended(sample)
                if receipt and sample.name not in receipts:
                    receipts[sample.name] = receipt
                    self.show(sample.name, summary(receipt))
            self.give_up_in_time(samples, receipts)
            time.sleep(PAUSE)
        return receipts

    def show_jobs(self) -> None:
        for job in self.jobs():
            manifest = job["manifest_key"]["S"].removeprefix("manifests/")
            state = job["state"]["S"]
            reason = job.get("reason", {}).get("S", state)
            told = state if reason == state else f"{state} ({reason})"
            self.show(f"{manifest} {job['name']['S']}", told)

    def jobs(self) -> list[Mapping[str, Any]]:
        pages = self.ledger.get_paginator("scan").paginate(
            TableName=self.table,
            FilterExpression="sk = :job",
            ExpressionAttributeValues={":job": {"S": "JOB"}},
            ConsistentRead=True,
        )
        return [item for page in pages for item in page["Items"]]

    def ended(self, sample: Sample) -> Receipt | None:
        try:
            answer = self.store.get_object(Bucket=self.bucket, Key=sample.receipt_key)
        except self.store.exceptions.NoSuchKey:
            return None
        receipt: Receipt = json.load(answer["Body"])
        return receipt if receipt["state"] in ENDED else None

    def show(self, what: str, state: str) -> None:
        before = self.shown.get(what)
        if before != state:
            self.shown[what] = state
            arrow = f"{before} -> {state}" if before else state
            print(f"{time.monotonic() - self.started:6.1f} s  {what:<24}  {arrow}", flush=True)

    def give_up_in_time(self, samples: Sequence[Sample], ended: Mapping[str, Receipt]) -> None:
        if time.monotonic() - self.started > PATIENCE:
            missing = ", ".join(each.name for each in samples if each.name not in ended)
            raise LocalStackError(f"No end of {missing} was told within {PATIENCE:.0f} s.")


def watch(stack: Stack) -> Watch:
    clients = stack.clients()
    return Watch(clients.dynamodb(), stack.table_name, clients.s3(), stack.intake_bucket)


def summary(receipt: Receipt) -> str:
    errors = receipt["errors"]
    if not errors:
        return f"manifest {receipt['state']}"
    listed = "".join(f"\n{'':12}{each['path']}: {each['message']}" for each in errors)
    return f"manifest {receipt['state']}, {len(errors)} errors{listed}"
