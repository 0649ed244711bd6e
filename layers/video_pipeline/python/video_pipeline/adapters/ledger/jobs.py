"""Jobs in the ledger."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from video_pipeline.adapters.ledger import items
from video_pipeline.adapters.ledger.table import Table
from video_pipeline.adapters.ledger.transaction import (
    hold_to_run,
    keep_until,
    run_transaction,
    writes_of,
)
from video_pipeline.domain.control import Control
from video_pipeline.domain.credits import to_credits
from video_pipeline.domain.errors import CapReachedError
from video_pipeline.domain.events import Event
from video_pipeline.domain.job import Job, JobState
from video_pipeline.domain.moves import Move

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MAX_CLAIMS = 5


class DynamoLedger:
    """The ledger port over one table; `daily_cap` in units, `retention_days` for closed jobs.

    `on_move` hears of every move once it is written.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        *,
        daily_cap: int,
        retention_days: int,
        on_move: Callable[[Move], None] = lambda _move: None,
    ) -> None:
        self._client = client
        self._table = table
        self._items = Table(client, table)
        self._daily_cap = daily_cap
        self._retention_days = retention_days
        self._on_move = on_move

    def job(self, job_id: str) -> Job | None:
        item = self._items.get(items.job_key(job_id))
        return items.job_of(item) if item else None

    def job_and_control(self, job_id: str) -> tuple[Job | None, Control]:
        found = self._items.get_all([items.job_key(job_id), items.CONTROL_KEY])
        by_key = {item["pk"]["S"]: item for item in found}
        job = by_key.get(items.job_key(job_id)["pk"]["S"])
        control = by_key.get(items.CONTROL_KEY["pk"]["S"], {})
        return items.job_of(job) if job else None, items.control_of(control)

    def commit(self, move: Move, *, in_its_run: bool = False) -> Job:
        expires = keep_until(move.after.state_since, self._retention_days)
        writes = writes_of(move, self._table, self._daily_cap, expires)
        if in_its_run:
            hold_to_run(writes[0]["Update"], move.before.open_run)
        try:
            run_transaction(self._client, writes)
        except CapReachedError as error:
            raise CapReachedError(self._day(move.after.reserved_day or "")) from error
        self._on_move(move)
        return move.after

    def _day(self, day: str) -> str:
        """Say what a day may take and has taken, for the user whose job it has no room for."""
        row = self._items.get(items.credits_key(day))
        taken = items.plain(row["committed"]) if row else 0
        cap = to_credits(self._daily_cap)
        return f"the {cap:g} credits of the UTC day {day}; {to_credits(taken):g} are taken already"

    def ring(self, job_id: str, attempt: int, task_id: str | None) -> Job | None:
        if task_id is not None:
            rung = self._rung(job_id, items.claims_name(attempt), task_id)
            if rung is not None:
                return rung
        return self._rung(job_id)

    def _rung(
        self, job_id: str, claims: str | None = None, task_id: str | None = None
    ) -> Job | None:
        """Count a ring and keep its claim in one write, so that no crash parts the two.

        None when there is no such job, or no room for one more claim:
        the first ones count, a flood of names is somebody guessing.
        """
        change, condition = "ADD rings :one", "attribute_exists(pk)"
        values: dict[str, Any] = {":one": items.encode(1)}
        more: dict[str, Any] = {}
        if claims is not None and task_id is not None:
            change += ", #claims :task"
            condition += " AND (attribute_not_exists(#claims) OR size(#claims) < :most)"
            values |= {":task": {"SS": [task_id]}, ":most": items.encode(MAX_CLAIMS)}
            more = {"ExpressionAttributeNames": {"#claims": claims}}
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=items.job_key(job_id),
                UpdateExpression=change,
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
                ReturnValues="ALL_NEW",
                **more,
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return None
        return items.job_of(answer["Attributes"])

    def claims(self, job_id: str, attempt: int) -> tuple[str, ...]:
        name, item = items.claims_name(attempt), self._items.get(items.job_key(job_id))
        return tuple(sorted(items.plain(item[name]))) if name in item else ()

    def open_run(self, job: Job, run: int) -> bool:
        condition = "attribute_exists(pk) AND last_run < :run AND attribute_not_exists(open_run)"
        values = {"run": items.encode(run)}
        if job.open_run is not None:
            condition = "last_run < :run AND open_run = :was"
            values["was"] = items.encode(job.open_run)
        return self._items.update(
            items.job_key(job.id),
            "SET open_run = :run, last_run = :run, open_state = #state REMOVE expires_at",
            condition,
            values,
            names={"#state": "state"},
        )

    def close_run(self, job: Job, now: datetime) -> bool:
        change = "SET closed_rings = :rings REMOVE open_run, #token, token_run"
        names = {"#state": "state", "#token": "token"}
        values = {
            "rings": items.encode(job.rings),
            "run": items.encode(job.open_run or 0),
            "state": items.encode(job.state),
            "revision": items.encode(job.revision),
            "told": items.encode(job.sequence),
        }
        if job.is_ended:
            change = change.replace("SET ", "SET expires_at = :expires, ") + ", open_state"
            values["expires"] = items.encode(keep_until(now, self._retention_days))
        condition = (
            "open_run = :run AND #state = :state AND rings = :rings "
            "AND revision = :revision AND published >= :told"
        )
        return self._items.update(items.job_key(job.id), change, condition, values, names)

    def untold_events(self, job: Job) -> tuple[Event, ...]:
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": items.job_key(job.id)["pk"],
                ":first": items.event_key(job.id, job.published + 1)["sk"],
                ":last": items.event_key(job.id, job.sequence)["sk"],
            },
            ConsistentRead=True,
            Limit=10,  # what one PutEvents call takes
        )
        return tuple(items.event_of(item) for item in answer["Items"])

    def told_events(self, job: Job) -> Iterator[Event]:
        """Yield what was told of a job so far, in order; what is untold is the run's to tell."""
        for item in self._items.query(items.job_key(job.id)["pk"], "EVENT#"):
            event = items.event_of(item)
            if event.sequence <= job.published:
                yield event

    def mark_told(self, job_id: str, sequence: int) -> None:
        told = {"told": items.encode(sequence)}
        change, condition = "SET published = :told", "published < :told"
        self._items.update(items.job_key(job_id), change, condition, told)

    def owners(self, task_ids: Sequence[str]) -> dict[str, str]:
        keys = {items.task_key(task_id)["pk"]["S"]: task_id for task_id in task_ids}
        found = self._items.get_all([items.task_key(task_id) for task_id in keys.values()])
        return {keys[item["pk"]["S"]]: items.plain(item["owner"]) for item in found}

    def unfinished(
        self, older_than: datetime, states: Sequence[JobState] = tuple(JobState)
    ) -> Iterator[Job]:
        pages = self._client.get_paginator("query")
        for state in states:
            for page in pages.paginate(
                TableName=self._table,
                IndexName="open_jobs",
                KeyConditionExpression="open_state = :state AND state_since < :then",
                ExpressionAttributeValues={
                    ":state": items.encode(state),
                    ":then": items.encode(older_than),
                },
            ):
                for found in page["Items"]:
                    job = self.job(items.plain(found["id"]))
                    if job is not None:
                        yield job
