"""How often the receipt of a large drop is written: by time, not by jobs."""

from typing import Any

import pytest

from tests.support.world import ONE_REQUEST, World
from video_pipeline.domain.next_step import Later
from video_pipeline.domain.policy import Policy

JOBS = 60


@pytest.fixture
def writes(world: World) -> list[str]:
    """Return the keys of all receipts that are written, as they come."""
    keys: list[str] = []

    def note(params: dict[str, Any], **_: object) -> None:
        if params["Key"].startswith("receipts/a/m.json"):
            keys.append(params["Key"])

    world.s3.meta.events.register("provide-client-params.s3.PutObject", note)
    return keys


@pytest.fixture
def world(aws: None) -> World:
    """A world in which a manifest of more than 20 jobs is large."""
    return World(policy=Policy(large_manifest=20))


def end_one_a_second(world: World) -> None:
    """Let the deadline of every job pass, and each be ended by its own run."""
    jobs = [{**ONE_REQUEST, "deadline": "2026-01-01T00:00:00Z"} for _ in range(JOBS)]
    drop = world.drop("manifests/a/m.json", {"jobs": jobs})
    waiting = list(world.drops.jobs_of(drop.id))
    for job in waiting:
        world.clock.advance(seconds=1)
        world.spin(job)
    world.clock.advance(minutes=2)
    for job in waiting:
        assert not isinstance(world.spin(job), Later)


def test_a_large_receipt_is_written_once_a_minute_and_at_the_ends(
    world: World, writes: list[str]
) -> None:
    end_one_a_second(world)
    receipt = world.receipt()
    assert receipt["state"] == "completed"
    assert {job["reason"] for job in receipt["jobs"]} == {"deadline"}
    latest = writes.count("receipts/a/m.json.json")
    assert 2 <= latest <= 4  # accepted, once within the minute, completed
    each = [key for key in writes if key.endswith(f"{receipt['drop_id']}.json")]
    assert len(each) == latest
