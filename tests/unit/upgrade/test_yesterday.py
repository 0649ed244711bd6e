"""Jobs that were under way when a new version was deployed: yesterday's items, today's code.

`before_versions/` was recorded by the code of 0.1.0 before records carried a version: all items of
one job, the state that its execution had, and the provider's tasks.
"""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.template import ROOT
from tests.support.world import CALLBACK_KEY, TABLE, FakeFetched, World
from video_pipeline.adapters.ledger import items
from video_pipeline.domain.capability import grant
from video_pipeline.domain.job import Job
from video_pipeline.domain.versions import RECORD
from video_pipeline.use_cases.advance_job import Turn

STORIES = sorted((Path(__file__).parent / "before_versions").glob("*.json"))


def turn_of(state: dict[str, Any]) -> Turn:
    """Read a state as the hub's handler of today does."""
    path = ROOT / "functions" / "advance_job" / "handler.py"
    spec = importlib.util.spec_from_file_location("hub_of_today", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    turn: Turn = module.turn_of(state)
    return turn


def load(world: World, path: Path) -> tuple[Job, dict[str, Any]]:
    story: dict[str, Any] = json.loads(path.read_text("utf-8"))
    for item in story["items"]:
        world.dynamodb.put_item(TableName=TABLE, Item=item)
    for task_id in story["tasks"]:
        world.provider.bodies.append({})
        world.provider.bought(task_id)
    world.clock.advance(minutes=1)
    job = world.ledger.job(story["job_id"])
    assert job is not None
    return job, story["state"]


def bring_home(world: World, job: Job) -> Job:
    """Let the lease end, the provider finish and ring, and the wheel turn as far as it goes."""
    world.clock.advance(minutes=10)
    world.spin(job)
    for task_id in list(world.provider.tasks):
        world.provider.finish(task_id)
        body = json.dumps({"id": task_id})
        assert world.receive_callback(grant(CALLBACK_KEY, job.id, job.attempt), body)
    world.spin(world.job(job))
    return world.job(job)


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_job_of_yesterday_is_archived_today_and_paid_once(path: Path, world: World) -> None:
    job, state = load(world, path)
    world.advance_job(turn_of(state))
    ended = bring_home(world, job)
    assert ended.state == "archived"
    assert len(world.provider.tasks) == 1
    assert ended.sequence == ended.published
    assert sum(world.credits_of()) == ended.charge == 130_000


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_drop_of_yesterday_is_closed_and_told_today(path: Path, world: World) -> None:
    job, _ = load(world, path)
    bring_home(world, job)
    told_before = json.loads(path.read_text("utf-8"))["published"]
    assert [*told_before, *world.told()].count("Manifest Completed") == 1
    assert world.receipt()["state"] == "completed"


def test_what_a_later_version_adds_is_no_trouble_and_is_kept(world: World) -> None:
    """So that going back to an earlier version loses nothing either."""
    job, _ = load(world, STORIES[0])
    key = items.job_key(job.id)
    world.dynamodb.update_item(
        TableName=TABLE,
        Key=key,
        UpdateExpression="SET of_tomorrow = :new",
        ExpressionAttributeValues={":new": {"S": "kept"}},
    )
    assert bring_home(world, job).state == "archived"
    item = world.dynamodb.get_item(TableName=TABLE, Key=key)["Item"]
    assert item["of_tomorrow"] == {"S": "kept"}


def test_a_video_that_was_archived_by_an_earlier_version_can_be_read(world: World) -> None:
    job, _ = load(world, STORIES[0])
    world.fetcher.default = world.fetcher.default or FakeFetched(b"")
    item = items.job_item(bring_home(world, job))
    video = json.loads(item["video"]["S"])
    fields = ("bucket", "key", "version_id", "size", "sha256", "seconds", "width", "height")
    earlier = {name: video[name] for name in (*fields, "has_audio")}
    item["video"] = {"S": json.dumps({**earlier, "of_tomorrow": 1})}
    assert items.job_of(item).video is not None


def test_new_records_carry_their_version(world: World) -> None:
    job = world.one_job()
    keys = [items.job_key(job.id), *map(items.drop_key, job.drops)]
    for key in keys:
        stored = world.dynamodb.get_item(TableName=TABLE, Key=key)["Item"]
        assert items.plain(stored["record_version"]) == RECORD
