"""The running stack as somebody outside sees it, and the cases that live in it."""

import json
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from crash_proof.cases import Case
from crash_proof.inside.plans import write_plan
from crash_proof.ledger import Row, plain
from crash_proof.picture import picture
from crash_proof.provider import ProviderBooks
from crash_proof.records import Records
from local_stack.deploy import outputs
from local_stack.stack_file import Stack
from video_pipeline.adapters.manifest_file import read_manifest
from video_pipeline.domain.identity import drop_id, job_ids

LONGEST_CALL = 300
"""Seconds that a function may take on a machine that has much else to do."""


@dataclass
class Live:
    """A case that was dropped and has not ended."""

    case: Case
    job_ids: tuple[str, ...]
    version_id: str
    drop_id: str
    dropped_at: float
    acts: list[Any] = field(default_factory=list)
    jobs: dict[str, Row] = field(default_factory=dict)
    drop: Row = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict)

    @property
    def age(self) -> float:
        return time.monotonic() - self.dropped_at


class World:
    """What can be done to the stack and seen of it."""

    def __init__(self, stack: Stack, crashes: Path) -> None:
        clients = stack.clients()
        self.stack = stack
        self.crashes = crashes
        self.stack_file = crashes.parent / "stack.json"
        self.provider = ProviderBooks(stack.provider_url)
        self.records = Records(crashes / "seen")
        self.s3, self.sqs, self.states = clients.s3(), clients.sqs(), clients.states()
        self.dynamodb = clients.dynamodb()
        self._clients = clients
        self._events, self._lambda = clients.events(), clients.functions(LONGEST_CALL)
        self._dead: dict[str, str] = {}
        self._books: list[dict[str, Any]] = []
        self._books_read_at = float("-inf")

    def books(self) -> list[dict[str, Any]]:
        """Return the provider's tasks, read at most once a second."""
        if time.monotonic() > self._books_read_at + 1:
            self._books, self._books_read_at = self.provider.tasks(), time.monotonic()
        return self._books

    @cached_property
    def outputs(self) -> dict[str, str]:
        return outputs(self._clients)

    def drop(self, case: Case) -> Live:
        """Lay plans and faults first, then the manifest: nothing of its way is missed."""
        bucket, key = self.stack.intake_bucket, case.key
        body = case.body(bucket)
        reading = read_manifest(body, bucket=bucket, key=key)
        named = () if reading.manifest is None else job_ids(reading.manifest, bucket, key, "")
        ids = tuple(job_id for job_id, _ in named)
        for subject in (key, *ids) if case.blows else ():
            write_plan(self.crashes, subject, list(case.blows))
        for fault in case.faults:
            self.provider.arm(fault)
        if case.reference:
            self.s3.put_object(Bucket=bucket, Key=case.reference, Body=picture(case.name))
        version = self.s3.put_object(Bucket=bucket, Key=key, Body=body)["VersionId"]
        drop = drop_id(bucket, key, version)
        return Live(case, ids, version, drop, time.monotonic(), acts=list(case.acts))

    def look(self, live: Live) -> None:
        """Read a case's rows anew."""
        live.drop = self.row(f"DROP#{live.drop_id}", "DROP")
        live.jobs = {job_id: self.row(f"JOB#{job_id}", "JOB") for job_id in live.job_ids}

    def row(self, partition: str, sort: str) -> Row:
        key: Any = {"pk": {"S": partition}, "sk": {"S": sort}}
        answer = self.dynamodb.get_item(
            TableName=self.stack.table_name, Key=key, ConsistentRead=True
        )
        return plain(answer.get("Item", {}))

    def send(self, queue: str, body: str, delay: int = 0) -> None:
        url = self.outputs[queue]
        self.sqs.send_message(QueueUrl=url, MessageBody=body, DelaySeconds=delay)

    def scheduled_functions(self) -> list[str]:
        """Name the functions that a schedule calls."""
        rules = self._events.list_rules()["Rules"]
        return [
            target["Arn"].rpartition(":")[2]
            for rule in rules
            if "ScheduleExpression" in rule
            for target in self._events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        ]

    def call_function(self, name: str) -> bool:
        """Call a function with what a schedule sends, wait, and say whether it died of it."""
        event = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}
        answer = self._lambda.invoke(FunctionName=name, Payload=json.dumps(event).encode())
        return "FunctionError" in answer

    def dead_letters(self) -> list[str]:
        """Return the text of every kept copy of a message that nobody could take."""
        bucket = self.stack.intake_bucket
        found = self.s3.list_objects_v2(Bucket=bucket, Prefix="dead-letters/")
        for key in {each["Key"] for each in found.get("Contents", [])} - set(self._dead):
            self._dead[key] = self.s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
        return list(self._dead.values())

    def run_arn(self, job_id: str, run: int) -> str:
        machine = self.stack.state_machine_arn
        return f"{machine.replace(':stateMachine:', ':execution:')}:{job_id}-{run}"


def has_ended(live: Live) -> bool:
    """Say whether nothing of a case is under way any more."""
    if live.acts or live.drop.get("state") == "rejected":
        return not live.acts
    closed = live.drop.get("state") == "completed" and live.drop.get("told", False)
    return closed and all(is_at_rest(job) for job in live.jobs.values())


def is_at_rest(job: Row) -> bool:
    rests = job.get("state") in {"archived", "failed", "unconfirmed"}
    return rests and "open_run" not in job and job["published"] >= job["sequence"]
