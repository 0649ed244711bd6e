"""Jobs and drops laid straight into the ledger's table."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.support.world import INTAKE, TABLE, World
from tests.unit.domain.jobs import ACCEPTED, NOW
from video_pipeline.adapters.ledger import items
from video_pipeline.domain.drop import Drop, DropState
from video_pipeline.domain.job import Job
from video_pipeline.domain.moves import Move, submitting
from video_pipeline.domain.slices import Cursor, Page

DROP = Drop(
    id="drop-1",
    bucket=INTAKE,
    key="manifests/a/m.json",
    version_id="v1",
    dropped_at=NOW,
    recorded_at=NOW,
    state=DropState.ACCEPTED,
    state_since=NOW,
    total=1,
    remaining=1,
)
DAY = "2026-11-24"


def store(world: World, job: Job = ACCEPTED, *drops: Drop) -> Job:
    world.dynamodb.put_item(TableName=TABLE, Item=items.job_item(job))
    for drop in drops or (DROP,):
        world.drops.record(drop, [Page(Cursor(), (job.id,))])
    return job


def raw(world: World, key: dict[str, Any]) -> dict[str, Any]:
    """Return what lies under a key, as plain values."""
    item = world.dynamodb.get_item(TableName=TABLE, Key=key).get("Item", {})
    return {name: items.plain(value) for name, value in item.items()}


def remaining(world: World, drop_id: str = DROP.id) -> int:
    drop = world.drops.drop(drop_id)
    assert drop is not None
    return drop.remaining


def promise(job: Job, *, call_id: str = "call", estimate: int = 135_000) -> Move:
    lease = NOW + timedelta(minutes=2)
    return submitting(job, call_id=call_id, now=NOW, lease_until=lease, estimate=estimate)


def another(number: int, **changes: Any) -> Job:
    return replace(ACCEPTED, id=f"{number:032x}", name=f"tea-{number}", **changes)
