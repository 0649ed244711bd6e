"""Moves of jobs: what is written together, and on which condition."""

from dataclasses import replace

import pytest

from tests.support.world import World
from tests.unit.adapters.stored import another, promise, raw, store
from tests.unit.domain.jobs import ACCEPTED, COMPLETED, NOW, SUBMITTED, SUBMITTING, UNCONFIRMED
from video_pipeline.adapters.ledger import items
from video_pipeline.domain import moves
from video_pipeline.domain.errors import StaleMoveError, TaskTakenError
from video_pipeline.domain.job import ArchivedVideo, Charged, Job, JobState

VIDEO = ArchivedVideo("archive", "videos/a/m/tea/video.mp4", "v9", 7, "sum", 5.0, 1280, 720, True)
STATES = [ACCEPTED, SUBMITTING, SUBMITTED, COMPLETED, UNCONFIRMED]


@pytest.mark.parametrize("job", STATES, ids=lambda job: job.state)
def test_a_job_comes_back_as_it_was_written(job: Job, world: World) -> None:
    assert world.ledger.job(store(world, job).id) == job


def test_a_job_that_was_never_promised_is_none(world: World) -> None:
    assert world.ledger.job("unknown") is None


def test_an_archived_job_comes_back_with_its_video(world: World) -> None:
    job = store(world, COMPLETED)
    after = world.ledger.commit(moves.archived(job, VIDEO, NOW))
    assert world.ledger.job(job.id) == after
    assert after.video == VIDEO


def test_a_move_is_refused_when_the_job_moved_since_it_was_read(world: World) -> None:
    job = store(world)
    world.ledger.commit(promise(job))
    with pytest.raises(StaleMoveError):
        world.ledger.commit(promise(job, call_id="another worker"))
    current = world.ledger.job(job.id)
    assert current is not None
    assert current.call_id == "call"


def test_a_refused_move_leaves_neither_money_nor_event_nor_owner(world: World) -> None:
    job = store(world, SUBMITTING)
    with pytest.raises(StaleMoveError):
        world.ledger.commit(moves.submitted(replace(job, revision=7), "task-unified-1", NOW))
    assert raw(world, items.task_key("task-unified-1")) == {}
    assert raw(world, items.event_key(job.id, 1)) == {}
    assert world.credits_of() == (0, 0)


def test_a_move_never_brings_back_a_job_that_was_forgotten(world: World) -> None:
    with pytest.raises(StaleMoveError):
        world.ledger.commit(promise(ACCEPTED))
    assert world.ledger.job(ACCEPTED.id) is None


def test_what_a_move_clears_is_gone(world: World) -> None:
    job = store(world, SUBMITTING)
    world.ledger.commit(moves.sent_back(job, NOW, NOW, "429"))
    stored = raw(world, items.job_key(job.id))
    assert not {"call_id", "lease_until"} & set(stored)


def test_a_move_leaves_alone_what_rings_and_runs_write(world: World) -> None:
    job = store(world, SUBMITTING)
    world.ledger.ring(job.id, 1, None)
    world.ledger.open_run(job, 2)
    world.ledger.commit(moves.submitted(job, "task-unified-1", NOW))
    current = world.ledger.job(job.id)
    assert current is not None
    assert (current.rings, current.open_run, current.last_run) == (1, 2, 2)


def test_coming_out_of_unconfirmed_rings_in_the_same_write(world: World) -> None:
    job = store(world, UNCONFIRMED)
    world.ledger.commit(moves.submitted(job, "task-unified-1", NOW))
    current = world.ledger.job(job.id)
    assert current is not None
    assert (current.state, current.rings) == (JobState.SUBMITTED, 1)


def test_a_task_belongs_to_one_attempt_only(world: World) -> None:
    first = store(world, SUBMITTING)
    world.ledger.commit(moves.submitted(first, "task-unified-1", NOW))
    second = store(world, another(2, state=JobState.SUBMITTING, revision=1))
    with pytest.raises(TaskTakenError):
        world.ledger.commit(moves.submitted(second, "task-unified-1", NOW))
    assert world.ledger.job(second.id) == second
    owner = raw(world, items.task_key("task-unified-1"))["owner"]
    assert owner == f"{first.id}#1"


def test_an_attempt_may_take_its_own_task_again(world: World) -> None:
    job = store(world, UNCONFIRMED)
    world.ledger.commit(moves.submitted(job, "task-unified-1", NOW))
    again = store(world, replace(UNCONFIRMED, sequence=5))
    assert world.ledger.commit(moves.submitted(again, "task-unified-1", NOW)).task_id


def test_the_next_attempt_does_not_own_the_last_ones_task(world: World) -> None:
    job = store(world, SUBMITTING)
    world.ledger.commit(moves.submitted(job, "task-unified-1", NOW))
    second = store(world, replace(SUBMITTING, attempt=2, sequence=5))
    with pytest.raises(TaskTakenError):
        world.ledger.commit(moves.submitted(second, "task-unified-1", NOW))


def test_events_are_told_in_the_order_in_which_they_happened(world: World) -> None:
    job = store(world, SUBMITTING)
    job = world.ledger.commit(moves.unconfirmed(job, NOW))
    job = world.ledger.commit(moves.submitted(job, "task-unified-1", NOW))
    untold = world.ledger.untold_events(job)
    assert [(event.sequence, event.type) for event in untold] == [
        (1, "Video Unconfirmed"),
        (2, "Video Submitted"),
    ]
    assert [event.id for event in untold] == [f"{job.id}-0001", f"{job.id}-0002"]


def test_what_was_told_is_not_told_again(world: World) -> None:
    job = store(world, SUBMITTING)
    job = world.ledger.commit(moves.unconfirmed(job, NOW))
    job = world.ledger.commit(moves.submitted(job, "task-unified-1", NOW))
    world.ledger.mark_told(job.id, 1)
    current = world.ledger.job(job.id)
    assert current is not None
    assert [event.sequence for event in world.ledger.untold_events(current)] == [2]


def test_telling_never_goes_backwards(world: World) -> None:
    job = store(world, replace(SUBMITTED, sequence=3, published=2))
    world.ledger.mark_told(job.id, 1)
    current = world.ledger.job(job.id)
    assert current is not None
    assert current.published == 2


def test_no_more_events_at_once_than_the_bus_takes(world: World) -> None:
    job = store(world, SUBMITTING)
    for _ in range(6):
        job = world.ledger.commit(moves.unconfirmed(job, NOW))
        job = world.ledger.commit(moves.submitted(job, "task-unified-1", NOW))
        job = store(world, replace(job, state=JobState.SUBMITTING))
    events = world.ledger.untold_events(job)
    assert [event.sequence for event in events] == list(range(1, 11))


def test_the_first_five_claims_are_kept_whatever_comes_after(world: World) -> None:
    job = store(world)
    for number in range(8):
        world.ledger.ring(job.id, 1, f"task-{number}")
    assert world.ledger.claims(job.id, 1) == tuple(f"task-{number}" for number in range(5))
    current = world.ledger.job(job.id)
    assert current is not None
    assert current.rings == 8


def test_a_claim_made_again_takes_no_room(world: World) -> None:
    job = store(world)
    for task_id in ("task-1", "task-1", "task-2"):
        world.ledger.ring(job.id, 1, task_id)
    assert world.ledger.claims(job.id, 1) == ("task-1", "task-2")


def test_claims_belong_to_their_attempt(world: World) -> None:
    job = store(world)
    world.ledger.ring(job.id, 1, "task-1")
    assert world.ledger.claims(job.id, 2) == ()


def test_a_ring_for_a_forgotten_job_makes_none(world: World) -> None:
    assert world.ledger.ring("unknown", 1, None) is None
    assert world.ledger.job("unknown") is None


def test_an_end_is_kept_with_its_reason(world: World) -> None:
    job = store(world)
    ended = moves.failed(job, NOW, reason="refused", message="no", charged=Charged.NO)
    world.ledger.commit(ended)
    current = world.ledger.job(job.id)
    assert current is not None
    assert (current.reason, current.message, current.charged) == ("refused", "no", Charged.NO)
