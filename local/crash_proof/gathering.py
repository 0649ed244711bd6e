"""Collect the evidence from outside: books, films, ledger, receipts, events, executions."""

import hashlib
import json
import urllib.request
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from crash_proof.evidence import Evidence, Expectation, Task
from crash_proof.ledger import rows
from crash_proof.provider import was_told
from crash_proof.world import Live, World
from video_pipeline.domain.credits import to_units
from video_pipeline.domain.identity import drop_receipt_key, receipt_key

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions.literals import ExecutionStatusType

SIDE_BY_SIDE = 8


class Gathering:
    """Gathers as often as wanted; films and events that were read once are kept."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._films: dict[str, str] = {}
        self._events: list[dict[str, Any]] = []

    def evidence(self, played: Iterable[Live]) -> Evidence:
        played = list(played)
        cases = tuple(expectation(live) for live in played)
        table = list(rows(self._world.dynamodb, self._world.stack.table_name))
        jobs = {row["id"]: row for row in table if row["sk"] == "JOB"}
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            tasks = tuple(pool.map(self._task, self._world.provider.tasks()))
            own = {case.drop_id: drop_receipt_key(case.key, case.drop_id) for case in cases}
            receipts = dict(pool.map(self._receipt, own.items()))
            newest = {case.key: receipt_key(case.key) for case in cases}
            newest_receipts = dict(pool.map(self._receipt, newest.items()))
            videos = [job["folder"] for job in jobs.values() if job["state"] == "archived"]
            archive = dict(pool.map(self._archived, videos))
        return Evidence(
            cases=cases,
            tasks=tasks,
            jobs=jobs,
            drops={row["id"]: row for row in table if row["sk"] == "DROP"},
            days=tuple(row for row in table if row["sk"] == "CREDITS"),
            receipts=receipts,
            newest_receipts=newest_receipts,
            events=self.events(),
            archive=archive,
            executions=self.executions(),
            running=self.executions("RUNNING"),
            messages=self.messages(),
        )

    def events(self) -> tuple[dict[str, Any], ...]:
        """Empty the subscriber's queue into what was heard before."""
        sqs, queue = self._world.sqs, self._world.stack.events_queue_url
        while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get(
            "Messages", []
        ):
            for message in messages:
                self._events.append(json.loads(message["Body"]))
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return tuple(self._events)

    def executions(self, *status: "ExecutionStatusType") -> frozenset[str]:
        """Name the executions in a status, or all that ever were."""
        machine = self._world.stack.state_machine_arn
        client = self._world.states.get_paginator("list_executions")
        pages = (
            client.paginate(stateMachineArn=machine, statusFilter=status[0])
            if status
            else client.paginate(stateMachineArn=machine)
        )
        return frozenset(run["name"] for page in pages for run in page["executions"])

    def messages(self) -> dict[str, int]:
        """Count the messages that wait or are being worked on, by queue."""
        found = {}
        subscriber = self._world.stack.events_queue_url
        for url in self._world.sqs.list_queues()["QueueUrls"]:
            if url == subscriber:
                continue
            name = url.rpartition("/")[2]
            answer = self._world.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
            counts = answer["Attributes"]
            found[name] = int(counts["ApproximateNumberOfMessages"])
            found[name] += int(counts["ApproximateNumberOfMessagesNotVisible"])
        return found

    def _task(self, line: dict[str, Any]) -> Task:
        links = line["answer"].get("results") or []
        return Task(
            id=line["id"],
            prompt=line["request"]["prompt"],
            callback_url=line["request"]["callback_url"],
            created=line["created"],
            ended=line.get("ended"),
            status=line["status"],
            charged=to_units(line.get("credits_charged") or 0),
            told=was_told(line),
            film=self._film(line["id"], links[0]) if links else None,
        )

    def _film(self, task_id: str, link: str) -> str:
        """Return the checksum of what the provider rendered."""
        if task_id not in self._films:
            with urllib.request.urlopen(link, timeout=60) as film:  # noqa: S310 - loopback
                self._films[task_id] = hashlib.sha256(film.read()).hexdigest()
        return self._films[task_id]

    def _receipt(self, named: tuple[str, str]) -> tuple[str, dict[str, Any]]:
        """Return under its name the receipt that lies at a key, an empty one when there is none."""
        name, key = named
        body = self._object(self._world.stack.intake_bucket, key)
        return name, {} if body is None else json.loads(body)

    def _archived(self, folder: str) -> tuple[str, str]:
        key = f"{folder}/video.mp4"
        body = self._object(self._world.stack.archive_bucket, key)
        return key, "" if body is None else hashlib.sha256(body).hexdigest()

    def _object(self, bucket: str, key: str) -> bytes | None:
        try:
            return self._world.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError:
            return None


def expectation(live: Live) -> Expectation:
    case = live.case
    return Expectation(case.name, case.key, live.drop_id, live.job_ids, case.ends, case.no_video)
