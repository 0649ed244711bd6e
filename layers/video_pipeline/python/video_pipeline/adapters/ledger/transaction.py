"""One move as one transaction: the job, the money, the counter, the task's owner, the event."""

import random
import time
from dataclasses import fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from video_pipeline.adapters.ledger import items
from video_pipeline.domain.drop import DropState
from video_pipeline.domain.errors import CapReachedError, StaleMoveError, TaskTakenError
from video_pipeline.domain.job import Job
from video_pipeline.domain.moves import Move

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CONFLICT_TRIES = 12
SHARED_FIELDS = frozenset({"rings", "closed_rings", "token", "token_run", "open_run", "last_run"})
"""Fields that callbacks and runs write too, outside of moves."""


def writes_of(move: Move, table: str, cap: int, keep_until: int) -> list[dict[str, Any]]:
    """Return every write of a move; the job's own comes first."""
    parts = [_job_update(move, table)]
    parts += _credit_update(move, table, cap)
    parts += _counter_updates(move, table, keep_until)
    parts += _task_put(move, table, keep_until)
    parts += _event_put(move, table, keep_until)
    return parts


def hold_to_run(job_update: dict[str, Any], run: int | None) -> None:
    """Let a move happen only while this run, or none, is the open one of its job."""
    if run is None:
        job_update["ConditionExpression"] += " AND attribute_not_exists(open_run)"
    else:
        job_update["ConditionExpression"] += " AND open_run = :run"
        job_update["ExpressionAttributeValues"][":run"] = items.encode(run)


def run_transaction(client: "DynamoDBClient", writes: list[dict[str, Any]]) -> None:
    """Write all or nothing; conflicts are tried again with jitter, conditions are answers.

    Raises StaleMoveError, CapReachedError or TaskTakenError by the first condition that failed.
    """
    for attempt in range(CONFLICT_TRIES):
        try:
            client.transact_write_items(TransactItems=[_without_label(part) for part in writes])
        except client.exceptions.TransactionCanceledException as error:
            codes = [reason.get("Code") for reason in error.response["CancellationReasons"]]
            _raise_failed_condition(codes, writes, error)
            time.sleep(random.uniform(0, 0.02 * 2 ** min(attempt, 6)))  # noqa: S311 - jitter
        else:
            return
    raise StaleMoveError("The ledger was too busy to take the move.")


def keep_until(now: datetime, days: int) -> int:
    """Return when DynamoDB may forget an item, in Unix seconds."""
    return int((now + timedelta(days=days)).timestamp())


def update(
    table: str, key: items.Item, changes: dict[str, object], condition: str, values: dict[str, Any]
) -> dict[str, Any]:
    """Return an update that sets what holds something and removes what does not."""
    kept = {name: value for name, value in changes.items() if not items.is_empty(value)}
    gone = [name for name in changes if name not in kept]
    expression = "SET " + ", ".join(f"#{name} = :{name}" for name in kept)
    if gone:
        expression += " REMOVE " + ", ".join(f"#{name}" for name in gone)
    return {
        "TableName": table,
        "Key": key,
        "UpdateExpression": expression,
        "ConditionExpression": condition,
        "ExpressionAttributeNames": {f"#{name}": name for name in changes},
        "ExpressionAttributeValues": {
            **{f":{name}": items.encode(value) for name, value in kept.items()},
            **values,
        },
    }


def _job_update(move: Move, table: str) -> dict[str, Any]:
    names = {field.name for field in fields(Job)} - SHARED_FIELDS
    before, after = move.before, move.after
    changes: dict[str, object] = {
        name: getattr(after, name)
        for name in sorted(names)
        if getattr(after, name) != getattr(before, name)
    }
    changes["open_state"] = after.state
    condition = "attribute_exists(pk) AND revision = :was"
    part = update(table, items.job_key(before.id), changes, condition, {})
    part["ExpressionAttributeValues"][":was"] = items.encode(before.revision)
    if move.rings:
        part["UpdateExpression"] += " ADD rings :one"
        part["ExpressionAttributeValues"][":one"] = items.encode(1)
    return {"label": StaleMoveError, "Update": part}


def _credit_update(move: Move, table: str, cap: int) -> list[dict[str, Any]]:
    """Reserve, settle or release: the day of the reservation bears it, whatever day it is now.

    Only what grows a day is held to its cap: a charge that is opened again had room before.
    """
    before, after = move.before, move.after
    day = after.reserved_day or before.reserved_day
    reserved = after.reserved - before.reserved
    charged = (after.charge or 0) - (before.charge or 0)
    if day is None or (reserved, charged) == (0, 0):
        return []
    part: dict[str, Any] = {
        "TableName": table,
        "Key": items.credits_key(day),
        "UpdateExpression": "ADD reserved :reserved, charged :charged, committed :both",
        "ExpressionAttributeValues": {
            ":reserved": items.encode(reserved),
            ":charged": items.encode(charged),
            ":both": items.encode(reserved + charged),
        },
    }
    if reserved > 0 and charged == 0:
        part["ConditionExpression"] = "attribute_not_exists(committed) OR committed <= :room"
        part["ExpressionAttributeValues"][":room"] = items.encode(cap - reserved)
        if reserved > cap:  # not even an empty day has room
            part["ConditionExpression"] = "committed <= :room AND committed > :room"
    return [{"label": CapReachedError, "Update": part}]


def _counter_updates(move: Move, table: str, keep_until: int) -> list[dict[str, Any]]:
    before, after = move.before, move.after
    if before.counted == after.counted:
        return []
    if after.counted:
        return [counter_update(table, drop) for drop in sorted(after.drops)]
    since = after.state_since
    return [_reopening(table, drop, since, keep_until) for drop in sorted(after.drops)]


def _reopening(table: str, drop_id: str, since: datetime, keep_until: int) -> dict[str, Any]:
    """Return the write that opens a drop again for one of its jobs, and shows it at once.

    One that is being closed or told just now has to end first, or that end would be lost.
    """
    part = {
        "TableName": table,
        "Key": items.drop_key(drop_id),
        "UpdateExpression": "SET #state = :open, state_since = :since, expires_at = :keep, "
        "told = :no, open_state = :drop REMOVE completion, viewed_at ADD remaining :one",
        "ConditionExpression": "(#state = :ended AND told = :yes) OR remaining > :none",
        "ExpressionAttributeNames": {"#state": "state"},
        "ExpressionAttributeValues": {
            ":open": items.encode(DropState.ACCEPTED),
            ":since": items.encode(since),
            ":keep": items.encode(keep_until),
            ":no": items.encode(value=False),
            ":drop": items.encode(items.OPEN_DROP),
            ":one": items.encode(1),
            ":ended": items.encode(DropState.COMPLETED),
            ":yes": items.encode(value=True),
            ":none": items.encode(0),
        },
    }
    return {"label": StaleMoveError, "Update": part}


def counter_update(table: str, drop_id: str) -> dict[str, Any]:
    """Return the write that counts one job of a drop as ended."""
    part = {
        "TableName": table,
        "Key": items.drop_key(drop_id),
        "UpdateExpression": "ADD remaining :minus",
        "ConditionExpression": "attribute_exists(pk)",
        "ExpressionAttributeValues": {":minus": items.encode(-1)},
    }
    return {"label": StaleMoveError, "Update": part}


def _task_put(move: Move, table: str, expires: int) -> list[dict[str, Any]]:
    task_id = move.after.task_id
    if task_id is None or task_id == move.before.task_id:
        return []
    owner = items.encode(f"{move.after.id}#{move.after.attempt}")
    part = {
        "TableName": table,
        "Item": {**items.task_key(task_id), "owner": owner, "expires_at": items.encode(expires)},
        "ConditionExpression": "attribute_not_exists(pk) OR #owner = :owner",
        "ExpressionAttributeNames": {"#owner": "owner"},
        "ExpressionAttributeValues": {":owner": owner},
    }
    return [{"label": TaskTakenError, "Put": part}]


def _event_put(move: Move, table: str, expires: int) -> list[dict[str, Any]]:
    event = move.event
    if event is None:
        return []
    item = items.event_item(items.event_key(move.after.id, event.sequence), event, expires)
    condition = "attribute_not_exists(pk)"
    put = {"TableName": table, "Item": item, "ConditionExpression": condition}
    return [{"label": StaleMoveError, "Put": put}]


def _without_label(part: dict[str, Any]) -> Any:  # noqa: ANN401 - boto3's union of writes
    return {name: value for name, value in part.items() if name != "label"}


def _raise_failed_condition(
    codes: list[Any], writes: list[dict[str, Any]], cause: Exception
) -> None:
    for code, part in zip(codes, writes, strict=True):
        if code == "ConditionalCheckFailed":
            raise part["label"]("The ledger refused the move by its condition.") from cause
    if not all(code in {"None", None, "TransactionConflict", "ThrottlingError"} for code in codes):
        raise cause
