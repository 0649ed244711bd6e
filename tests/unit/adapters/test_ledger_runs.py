"""Which run is open: decided by conditional writes, so that two can never be."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.support.world import TABLE, World
from tests.unit.adapters.stored import another, raw, store
from tests.unit.domain.jobs import ACCEPTED, ARCHIVED, NOW, SUBMITTED, UNCONFIRMED
from video_pipeline.adapters.ledger import items
from video_pipeline.domain.job import Job, JobState

CLOSED = replace(ARCHIVED, open_run=None)
RETENTION = timedelta(days=400)


def current(world: World, job: Job) -> Job:
    found = world.ledger.job(job.id)
    assert found is not None
    return found


def test_the_next_run_takes_the_place_of_the_open_one(world: World) -> None:
    job = store(world)
    assert world.ledger.open_run(job, 2)
    assert (current(world, job).open_run, current(world, job).last_run) == (2, 2)


def test_of_two_that_open_the_same_run_one_wins(world: World) -> None:
    job = store(world, CLOSED)
    assert world.ledger.open_run(job, 2)
    assert not world.ledger.open_run(job, 2)


def test_who_saw_another_run_open_opens_none(world: World) -> None:
    seen = store(world)
    world.ledger.open_run(seen, 2)
    assert not world.ledger.open_run(seen, 3)


def test_who_saw_no_run_open_opens_none_beside_the_one_that_is(world: World) -> None:
    store(world)
    assert not world.ledger.open_run(replace(ACCEPTED, open_run=None), 2)


def test_a_run_number_is_never_used_again(world: World) -> None:
    job = store(world, replace(CLOSED, last_run=3))
    assert not world.ledger.open_run(job, 3)
    assert world.ledger.open_run(job, 4)


def test_no_run_is_opened_for_a_job_that_was_forgotten(world: World) -> None:
    assert not world.ledger.open_run(CLOSED, 2)
    assert world.ledger.job(CLOSED.id) is None


def test_a_run_is_closed_when_nothing_happened_meanwhile(world: World) -> None:
    job = store(world, replace(ARCHIVED, rings=4))
    assert world.ledger.close_run(job, NOW)
    closed = current(world, job)
    assert (closed.open_run, closed.closed_rings) == (None, 4)


@pytest.mark.parametrize(
    "meanwhile",
    [
        {"rings": 1},
        {"open_run": 2},
        {"state": JobState.SUBMITTED},
        {"revision": 9},
        {"published": 1},
    ],
    ids=["a ring", "another run", "another state", "a move", "an event untold"],
)
def test_a_run_stays_open_when_anything_happened_meanwhile(
    meanwhile: dict[str, Any], world: World
) -> None:
    store(world, replace(ARCHIVED, **meanwhile))
    assert not world.ledger.close_run(ARCHIVED, NOW)
    assert current(world, ARCHIVED).open_run == meanwhile.get("open_run", 1)


def test_closing_takes_the_token_away(world: World) -> None:
    job = store(world, replace(ARCHIVED, token="waiting", token_run=1))
    world.ledger.close_run(job, NOW)
    assert current(world, job).token is None


def test_an_ended_job_is_kept_for_the_retention_and_leaves_the_index(world: World) -> None:
    job = store(world, ARCHIVED)
    world.ledger.close_run(job, NOW)
    row = raw(world, items.job_key(job.id))
    assert row["expires_at"] == int((NOW + RETENTION).timestamp())
    assert "open_state" not in row


def test_an_unconfirmed_job_is_kept_for_good_and_stays_in_the_index(world: World) -> None:
    job = store(world, UNCONFIRMED)
    assert world.ledger.close_run(job, NOW)
    row = raw(world, items.job_key(job.id))
    assert "expires_at" not in row
    assert row["open_state"] == "unconfirmed"


def test_a_run_that_opens_again_keeps_its_job_from_being_forgotten(world: World) -> None:
    job = store(world, ARCHIVED)
    world.ledger.close_run(job, NOW)
    assert world.ledger.open_run(current(world, job), 2)
    row = raw(world, items.job_key(job.id))
    assert "expires_at" not in row
    assert row["open_state"] == "archived"


def test_the_oldest_of_a_state_are_looked_at_first(world: World) -> None:
    for number, minutes in ((1, 30), (2, 90), (3, 60)):
        since = NOW - timedelta(minutes=minutes)
        store(world, another(number, state_since=since))
    found = [job.name for job in world.ledger.unfinished(NOW)]
    assert found == ["tea-2", "tea-3", "tea-1"]


def test_every_open_state_is_looked_through(world: World) -> None:
    for number, state in enumerate(JobState):
        store(world, another(number, state=state))
    found = {job.state for job in world.ledger.unfinished(NOW + timedelta(seconds=1))}
    assert found == set(JobState)


def test_young_and_closed_jobs_are_not_looked_at(world: World) -> None:
    store(world, another(1))
    ended = store(world, replace(ARCHIVED, state_since=NOW - timedelta(days=1)))
    world.ledger.close_run(ended, NOW)
    assert list(world.ledger.unfinished(NOW)) == []


def test_the_index_holds_names_only(world: World) -> None:
    store(world, SUBMITTED)
    (found,) = world.dynamodb.query(
        TableName=TABLE,
        IndexName="open_jobs",
        KeyConditionExpression="open_state = :state",
        ExpressionAttributeValues={":state": {"S": "submitted"}},
    )["Items"]
    assert set(found) == {"pk", "sk", "id", "open_state", "state_since"}
