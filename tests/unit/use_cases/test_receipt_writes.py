"""How often receipts are written, and by whom: by time, not by jobs."""

from typing import Any

import pytest

from tests.support.world import ONE_REQUEST, World
from video_pipeline.domain.drop import Drop
from video_pipeline.domain.job import Job
from video_pipeline.domain.next_step import Done, Later
from video_pipeline.domain.policy import Policy
from video_pipeline.use_cases.advance_job import Turn

JOBS = 60
PASSED = {**ONE_REQUEST, "deadline": "2026-01-01T00:00:00Z"}


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
    drop = world.drop("manifests/a/m.json", {"jobs": [PASSED] * JOBS})
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


def ended(world: World) -> int:
    return sum(job["state"] == "failed" for job in world.receipt()["jobs"])


def drop_of(world: World, job: Job) -> Drop:
    drop = world.drops.drop(*job.drops)
    assert drop is not None
    return drop


def three_ends_and_a_job_that_goes_on(world: World) -> list[Job]:
    drop = world.drop("manifests/a/m.json", {"jobs": [PASSED, PASSED, PASSED, ONE_REQUEST]})
    return list(world.drops.jobs_of(drop.id))[:3]


def test_of_all_runs_that_end_too_soon_after_a_receipt_one_waits_to_write_the_next(
    world: World,
) -> None:
    first, *others = three_ends_and_a_job_that_goes_on(world)
    assert isinstance(world.spin(first), Later)
    for job in others:
        assert isinstance(world.spin(job), Done)
    assert ended(world) == 0
    world.clock.advance(seconds=5)
    assert isinstance(world.spin(first), Done)
    assert ended(world) == 3


def test_a_run_that_promised_the_next_receipt_keeps_its_word_though_its_own_end_is_shown(
    world: World,
) -> None:
    first, second, _ = three_ends_and_a_job_that_goes_on(world)
    world.clock.advance(seconds=1)
    world.advance_job(Turn(first.id, run=1, number=0))
    world.clock.advance(seconds=5)
    knows_of_the_first = world.drops.take_view(drop_of(world, first), world.clock.now())
    assert knows_of_the_first is not None
    assert isinstance(world.spin(first), Later)
    assert isinstance(world.spin(second), Done)
    world.drops.mark_covered(knows_of_the_first)
    world.clock.advance(seconds=5)
    assert isinstance(world.spin(first), Done)
    assert ended(world) == 2
