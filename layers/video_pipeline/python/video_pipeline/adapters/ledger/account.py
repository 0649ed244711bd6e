"""Account-wide trouble in the ledger: one row, and the events of its pauses."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from video_pipeline.adapters.ledger import items
from video_pipeline.adapters.ledger.table import Table
from video_pipeline.adapters.ledger.transaction import keep_until, run_transaction, update
from video_pipeline.domain.control import Change, Control
from video_pipeline.domain.errors import StaleMoveError
from video_pipeline.domain.events import Event

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoAccount:
    """The account port over the ledger's table."""

    def __init__(self, client: "DynamoDBClient", table: str, *, retention_days: int) -> None:
        self._client = client
        self._table = table
        self._items = Table(client, table)
        self._retention_days = retention_days

    def control(self) -> Control:
        return items.control_of(self._items.get(items.CONTROL_KEY))

    def change(self, change: Change) -> bool:
        try:
            run_transaction(self._client, [self._row(change), self._event(change)])
        except StaleMoveError:
            return False
        return True

    def _row(self, change: Change) -> dict[str, object]:
        after = change.after
        changes: dict[str, object] = {
            "paused": after.paused,
            "message": after.message,
            "since": after.since,
            "needs": after.needs,
            "probe_seconds": int(after.probe_every.total_seconds()),
            "sequence": after.sequence,
        }
        was = change.before.sequence
        condition = "#sequence = :was" if was else "attribute_not_exists(#sequence)"
        values = {":was": items.encode(was)} if was else {}
        part = update(self._table, items.CONTROL_KEY, changes, condition, values)
        return {"label": StaleMoveError, "Update": part}

    def _event(self, change: Change) -> dict[str, object]:
        sequence = change.event.sequence
        expires = keep_until(change.at, self._retention_days)
        item = items.event_item(items.change_key(sequence), change.event, expires)
        return {"label": StaleMoveError, "Put": {"TableName": self._table, "Item": item}}

    def untold(self, control: Control) -> Iterator[Event]:
        for sequence in range(control.published + 1, control.sequence + 1):
            item = self._items.get(items.change_key(sequence))
            if item:
                yield items.event_of(item)

    def mark_told(self, sequence: int) -> None:
        condition = "attribute_not_exists(published) OR published < :told"
        told = {"told": items.encode(sequence)}
        self._items.update(items.CONTROL_KEY, "SET published = :told", condition, told)

    def hold_until(self, not_before: datetime) -> None:
        condition = "attribute_not_exists(not_before) OR not_before < :until"
        until = {"until": items.encode(not_before)}
        self._items.update(items.CONTROL_KEY, "SET not_before = :until", condition, until)

    def claim_probe(self, now: datetime, every: timedelta) -> bool:
        return self._items.update(
            items.CONTROL_KEY,
            "SET probed_at = :now",
            "attribute_not_exists(probed_at) OR probed_at < :before",
            {"now": items.encode(now), "before": items.encode(now - every)},
        )
