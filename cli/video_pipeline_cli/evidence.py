"""Pieces of a job's story, each asked of the service that holds it."""

import json
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from video_pipeline.adapters.evolink import EvolinkProvider
from video_pipeline.adapters.ledger import items
from video_pipeline.adapters.secrets import Secrets
from video_pipeline.domain.errors import ProviderUnavailableError
from video_pipeline.domain.identity import drop_receipt_key, run_name
from video_pipeline.domain.job import Job
from video_pipeline_cli.answer import Document
from video_pipeline_cli.doctor.deployed import Deployed, look_up
from video_pipeline_cli.target import Target

READ_SECONDS = 15.0
MOST_LINES = 1000
WRITTEN_AS_JSON = ("request", "trail", "video", "detail", "problems", "completion")


def gather(target: Target, job: Job) -> dict[str, Callable[[], object]]:
    """Return every piece by its name, still to be asked for."""
    return {
        "stack": lambda: _stack(look_up(target)),
        "ledger": lambda: _ledger(target, job),
        "receipts": lambda: _receipts(target, job),
        "archive": lambda: _archive(target, job),
        "runs": lambda: _runs(look_up(target), job),
        "provider": lambda: _provider(look_up(target), job),
        "log": lambda: _log(look_up(target), job),
    }


def _stack(stack: Deployed) -> Document:
    return {
        "name": stack.target.stack,
        "version": stack.outputs.get("Version"),
        "command": version("video-pipeline"),
        "parameters": stack.parameters,
    }


def _ledger(target: Target, job: Job) -> list[Document]:
    """Return the job with its events, and the drops, task and credit day that it touches."""
    pages = target.dynamodb.get_paginator("query").paginate(
        TableName=target.table,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": items.job_key(job.id)["pk"]},
        ConsistentRead=True,
    )
    found: list[Any] = [item for page in pages for item in page["Items"]]
    keys = [items.drop_key(drop) for drop in sorted(job.drops)]
    keys += [items.task_key(job.task_id)] if job.task_id else []
    keys += [items.credits_key(job.reserved_day)] if job.reserved_day else []
    around = [target.dynamodb.get_item(TableName=target.table, Key=key) for key in keys]
    return [_plain(item) for item in [*found, *(a["Item"] for a in around if "Item" in a)]]


def _plain(item: items.Item) -> Document:
    return {name: _value(name, items.plain(item[name])) for name in sorted(item)}


def _value(name: str, value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if name in WRITTEN_AS_JSON and isinstance(value, str):
        return json.loads(value)
    return value


def _receipts(target: Target, job: Job) -> list[Document]:
    """Return what each drop's receipt says of this job."""
    return [_receipt(target, job, drop) for drop in sorted(job.drops)]


def _receipt(target: Target, job: Job, drop: str) -> Document:
    key = drop_receipt_key(job.manifest_key, drop)
    body = target.s3.get_object(Bucket=target.intake_bucket, Key=key)["Body"].read()
    receipt: Document = json.loads(body)
    return {**receipt, "jobs": [each for each in receipt["jobs"] if each["id"] == job.id]}


def _archive(target: Target, job: Job) -> list[Document]:
    found = target.s3.list_object_versions(Bucket=target.archive_bucket, Prefix=f"{job.folder}/")
    return [
        {
            "key": each["Key"],
            "version_id": each["VersionId"],
            "bytes": each["Size"],
            "modified": each["LastModified"].isoformat(),
        }
        for each in found.get("Versions", [])
    ]


def _runs(stack: Deployed, job: Job) -> list[Document]:
    machine = stack.outputs["StateMachineArn"].replace(":stateMachine:", ":execution:")
    states = stack.client("stepfunctions")
    return [
        _run(states, f"{machine}:{run_name(job.id, run)}") for run in range(1, job.last_run + 1)
    ]


def _run(states: Any, arn: str) -> Document:  # noqa: ANN401 - a client
    told = states.describe_execution(executionArn=arn)
    pages = states.get_paginator("get_execution_history").paginate(executionArn=arn)
    history = [event for page in pages for event in page["events"]]
    return {
        "name": told["name"],
        "status": told["status"],
        "started": told["startDate"].isoformat(),
        "error": told.get("error"),
        "history": [_moment(event) for event in history],
    }


def _moment(event: Document) -> Document:
    """Keep of an event what it was and its errors; inputs and outputs hold tokens."""
    details = [part for part in event.values() if isinstance(part, dict)]
    kept = {
        name: part[name] for part in details for name in ("name", "error", "cause") if name in part
    }
    return {"at": event["timestamp"].isoformat(), "type": event["type"], **kept}


def _provider(stack: Deployed, job: Job) -> Document:
    """Read the task as the pipeline does, with the key of the stack."""
    if job.task_id is None:
        return {"task": None}
    secrets, secret = Secrets(stack.client("secretsmanager")), stack.outputs["ProviderSecretArn"]
    provider = EvolinkProvider(
        stack.parameters["ProviderBaseUrl"],
        lambda: secrets.value(secret),
        READ_SECONDS,
        READ_SECONDS,
        allowed_local_hosts=stack.local_hosts,
    )
    try:
        return {"task": asdict(provider.read(job.task_id))}
    except ProviderUnavailableError as error:
        return {"task": job.task_id, "could_not_be_asked": str(error)}


def _log(stack: Deployed, job: Job) -> list[object]:
    pages = (
        stack.client("logs")
        .get_paginator("filter_log_events")
        .paginate(
            logGroupName=stack.outputs["LogGroup"],
            filterPattern=f'"{job.id}"',
            startTime=int(job.created_at.timestamp() * 1000),
            PaginationConfig={"MaxItems": MOST_LINES},
        )
    )
    return [_line(event["message"]) for page in pages for event in page["events"]]


def _line(message: str) -> object:
    try:
        return json.loads(message)
    except ValueError:
        return message
