"""Drops in the ledger."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from video_pipeline.adapters.ledger import items
from video_pipeline.adapters.ledger.table import BATCH, Table
from video_pipeline.adapters.ledger.transaction import (
    counter_update,
    keep_until,
    run_transaction,
)
from video_pipeline.domain.drop import Drop, DropState
from video_pipeline.domain.drop_events import drop_of_completion
from video_pipeline.domain.errors import JobBusyError, StaleMoveError
from video_pipeline.domain.events import Event
from video_pipeline.domain.job import Job
from video_pipeline.domain.slices import Cursor, Page
from video_pipeline.ports import Arrival

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST_DROPS = 50  # of one running job, because its end counts all of them in one transaction


class DynamoDrops:
    """The drops port over the ledger's table."""

    def __init__(self, client: "DynamoDBClient", table: str, *, retention_days: int) -> None:
        self._client = client
        self._table = table
        self._items = Table(client, table)
        self._retention_days = retention_days

    def drop(self, drop_id: str) -> Drop | None:
        item = self._items.get(items.drop_key(drop_id))
        return items.drop_of(item) if item else None

    def record(self, drop: Drop, pages: Sequence[Page]) -> Drop:
        expires = {"expires_at": items.encode(keep_until(drop.recorded_at, self._retention_days))}
        for number, page in enumerate(pages):
            names, start = ",".join(page.job_ids), json.dumps(asdict(page.start))
            row = {"jobs": items.encode(names), "start": items.encode(start), **expires}
            key = items.roster_key(drop.id, number)
            self._client.put_item(TableName=self._table, Item={**key, **row})
        self._items.put_once({**items.drop_item(drop), **expires})
        return self.drop(drop.id) or drop

    def forget_rejected(self, drop: Drop) -> None:
        self._client.delete_item(
            TableName=self._table,
            Key=items.drop_key(drop.id),
            ConditionExpression="#state = :rejected",
            ExpressionAttributeNames={"#state": "state"},
            ExpressionAttributeValues={":rejected": items.encode(DropState.REJECTED)},
        )

    def owner_of_folder(self, folder: str, manifest: str) -> str:
        key = items.folder_key(folder)
        self._items.put_once({**key, "manifest": items.encode(manifest)})
        owner: str = items.plain(self._items.get(key)["manifest"])
        return owner

    def add_job(self, job: Job, drop_id: str) -> tuple[Job, Arrival]:
        if self._items.put_once(items.job_item(job)):
            return job, Arrival.NEW
        while True:
            known = items.job_of(self._items.get(items.job_key(job.id)))
            if drop_id in known.drops:
                return known, Arrival.KNOWN
            try:
                run_transaction(self._client, self._joining(known, drop_id))
            except StaleMoveError:
                continue
            return known, Arrival.ENDED if known.counted else Arrival.JOINED

    def _joining(self, job: Job, drop_id: str) -> list[dict[str, Any]]:
        """Let a job count for one more drop, at once when it has ended already."""
        if len(job.drops) >= MOST_DROPS and not job.counted:
            raise JobBusyError(f"{len(job.drops)} drops already wait for the end of job {job.id}.")
        part = {
            "TableName": self._table,
            "Key": items.job_key(job.id),
            "UpdateExpression": "SET revision = :next ADD drops :drop",
            "ConditionExpression": "revision = :was",
            "ExpressionAttributeValues": {
                ":next": items.encode(job.revision + 1),
                ":was": items.encode(job.revision),
                ":drop": items.encode(frozenset({drop_id})),
            },
        }
        writes = [{"label": StaleMoveError, "Update": part}]
        return [*writes, counter_update(self._table, drop_id)] if job.counted else writes

    def jobs_of(self, drop_id: str) -> tuple[Job, ...]:
        return tuple(self.each_job_of(drop_id))

    def each_job_of(self, drop_id: str) -> Iterator[Job]:
        for page in self.roster(drop_id):
            for first in range(0, len(page.job_ids), BATCH):
                names = page.job_ids[first : first + BATCH]
                stored = self._items.get_all([items.job_key(name) for name in dict.fromkeys(names)])
                found = {job.id: job for job in map(items.job_of, stored)}
                yield from (found[name] for name in names if name in found)

    def roster(self, drop_id: str) -> tuple[Page, ...]:
        found = self._items.query(items.roster_key(drop_id, 0)["pk"], "ROSTER#")
        rows = [{name: items.plain(value) for name, value in item.items()} for item in found]
        return tuple(map(_page_of, rows))

    def unfinished(self, older_than: datetime) -> Iterator[Drop]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName="open_jobs",
            KeyConditionExpression="open_state = :drop AND state_since < :then",
            ExpressionAttributeValues={
                ":drop": items.encode(items.OPEN_DROP),
                ":then": items.encode(older_than),
            },
        )
        for page in pages:
            for found in page["Items"]:
                drop = self.drop(items.plain(found["id"]))
                if drop is not None:
                    yield drop

    def close(self, drop: Drop, completion: Event, now: datetime) -> Drop:
        closed = {
            "state": items.encode(DropState.COMPLETED),
            "since": items.encode(now),
            "event": items.encode(completion),
            "open": items.encode(DropState.ACCEPTED),
            "zero": items.encode(0),
            "closings": items.encode(drop.closings + 1),
            "was": items.encode(drop.closings),
        }
        self._items.update(
            items.drop_key(drop.id),
            "SET #state = :state, state_since = :since, completion = :event, closings = :closings",
            f"#state = :open AND remaining = :zero AND {_same_closings(drop)}",
            closed,
            names={"#state": "state"},
        )
        return self.drop(drop.id) or drop

    def take_view(self, drop: Drop, now: datetime) -> Drop | None:
        taken = replace(drop, view=drop.view + 1, viewed_at=now)
        values = {
            "next": items.encode(taken.view),
            "was": items.encode(drop.view),
            "now": items.encode(now),
        }
        names = {"#view": "view"}
        change = "SET #view = :next, viewed_at = :now"
        won = self._items.update(
            items.drop_key(drop.id), change, "#view = :was", values, names=names
        )
        return taken if won else None

    def mark_covered(self, drop: Drop) -> None:
        if drop.viewed_at is None:
            return
        values = {"at": items.encode(drop.viewed_at)}
        condition = "attribute_not_exists(covered_at) OR covered_at < :at"
        self._items.update(items.drop_key(drop.id), "SET covered_at = :at", condition, values)

    def promise_view(self, drop: Drop, job_id: str) -> None:
        if drop.viewed_at is None:
            return
        values = {"job": items.encode(job_id), "after": items.encode(drop.viewed_at)}
        condition = (
            "viewed_at = :after AND (attribute_not_exists(owed_after) OR owed_after < :after)"
        )
        change = "SET owed_by = :job, owed_after = :after"
        self._items.update(items.drop_key(drop.id), change, condition, values)

    def mark_completion_told(self, event_id: str) -> None:
        drop_id = drop_of_completion(event_id)
        drop = self.drop(drop_id)
        if drop is None or drop.completion is None or drop.completion.id != event_id:
            return
        values = {"yes": items.encode(value=True), "was": items.encode(drop.closings)}
        condition = f"{_same_closings(drop)} AND attribute_exists(completion)"
        self._items.update(
            items.drop_key(drop_id), "SET told = :yes REMOVE open_state", condition, values
        )


def _same_closings(drop: Drop) -> str:
    """Return the condition that nobody closed a drop since; the earliest drops have no count."""
    if drop.closings:
        return "closings = :was"
    return "(attribute_not_exists(closings) OR closings = :was)"


def _page_of(row: dict[str, Any]) -> Page:
    """Read a page; one that was written before there were slices begins where its drop does."""
    start = json.loads(row.get("start", "{}"))
    return Page(Cursor(**start), tuple(row["jobs"].split(",")))
