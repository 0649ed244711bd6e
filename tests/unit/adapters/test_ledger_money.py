"""Credits and counters: each unit is promised, settled or given back once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.world import World
from tests.unit.adapters.stored import DROP, another, promise, remaining, store
from tests.unit.adapters.test_ledger import VIDEO
from tests.unit.domain.jobs import ACCEPTED, COMPLETED, NOW, SUBMITTED
from video_pipeline.domain import moves
from video_pipeline.domain.drop import DropState
from video_pipeline.domain.errors import CapReachedError, StaleMoveError
from video_pipeline.domain.job import Charged, Job
from video_pipeline.domain.policy import Policy

CAP = 1_000_000  # of the small world below, in units


@pytest.fixture
def small(aws: None) -> World:
    """A world whose day has a cap of 100 credits."""
    return World(daily_credits=100)


def refused(job: Job) -> moves.Move:
    return moves.failed(job, NOW, reason="refused", message="no", charged=Charged.NO)


def test_a_promise_reserves_its_estimate(world: World) -> None:
    world.ledger.commit(promise(store(world)))
    assert world.credits_of() == (135_000, 0)


def test_what_is_sent_back_is_released(world: World) -> None:
    job = world.ledger.commit(promise(store(world)))
    world.ledger.commit(moves.sent_back(job, NOW, NOW, "429"))
    assert world.credits_of() == (0, 0)


def test_the_next_attempt_releases_what_the_last_one_held(world: World) -> None:
    job = world.ledger.commit(promise(store(world)))
    job = world.ledger.commit(moves.submitted(job, "task-unified-1", NOW))
    world.ledger.commit(moves.next_attempt(job, NOW, Policy(), "service_error"))
    assert world.credits_of() == (0, 0)


def test_the_end_settles_the_providers_figure_on_the_day_of_the_promise(world: World) -> None:
    job = world.ledger.commit(promise(store(world)))
    days_later = NOW + timedelta(days=2)
    completed = replace(
        COMPLETED, revision=job.revision, reserved=job.reserved, trail=job.trail, sequence=0
    )
    store(world, completed)
    world.ledger.commit(moves.archived(completed, VIDEO, days_later))
    assert world.credits_of() == (0, 130_000)
    assert world.credits_of("2026-11-26") == (0, 0)


def test_an_unconfirmed_job_keeps_its_reservation(world: World) -> None:
    job = world.ledger.commit(promise(store(world)))
    world.ledger.commit(moves.unconfirmed(job, NOW))
    assert world.credits_of() == (135_000, 0)


def test_a_late_recovery_settles_what_was_held_all_the_time(world: World) -> None:
    job = world.ledger.commit(promise(store(world)))
    job = world.ledger.commit(moves.unconfirmed(job, NOW))
    job = world.ledger.commit(moves.submitted(job, "task-unified-1", NOW))
    world.ledger.commit(refused(job))
    assert world.credits_of() == (0, 0)


def test_the_cap_can_be_reached_to_the_unit(small: World) -> None:
    small.ledger.commit(promise(store(small, another(1)), estimate=CAP - 1))
    small.ledger.commit(promise(store(small, another(2)), estimate=1))
    assert small.credits_of() == (CAP, 0)


def test_the_cap_cannot_be_exceeded_by_a_unit(small: World) -> None:
    small.ledger.commit(promise(store(small, another(1)), estimate=CAP - 1))
    second = store(small, another(2))
    with pytest.raises(CapReachedError):
        small.ledger.commit(promise(second, estimate=2))
    assert small.credits_of() == (CAP - 1, 0)
    assert small.ledger.job(second.id) == second


@pytest.mark.parametrize("estimate", [CAP + 1, 10 * CAP])
def test_a_job_dearer_than_a_whole_day_finds_no_room_in_an_empty_one(
    estimate: int, small: World
) -> None:
    with pytest.raises(CapReachedError):
        small.ledger.commit(promise(store(small), estimate=estimate))
    assert small.credits_of() == (0, 0)


def test_a_job_as_dear_as_a_whole_day_fits_into_an_empty_one(small: World) -> None:
    small.ledger.commit(promise(store(small), estimate=CAP))
    assert small.credits_of() == (CAP, 0)


def test_charges_count_towards_the_cap(small: World) -> None:
    job = small.ledger.commit(promise(store(small), estimate=CAP))
    submitted = replace(SUBMITTED, revision=job.revision, reserved=CAP, trail=job.trail, sequence=0)
    store(small, submitted)
    paid = moves.failed(submitted, NOW, reason="empty_result", message="", charged=Charged.YES)
    small.ledger.commit(paid)
    assert small.credits_of() == (0, CAP)
    with pytest.raises(CapReachedError):
        small.ledger.commit(promise(store(small, another(2)), estimate=1))


def test_what_is_released_can_be_promised_again(small: World) -> None:
    job = small.ledger.commit(promise(store(small, another(1)), estimate=CAP))
    small.ledger.commit(refused(job))
    small.ledger.commit(promise(store(small, another(2)), estimate=CAP))
    assert small.credits_of() == (CAP, 0)


def test_an_end_is_counted_once(world: World) -> None:
    job = store(world)
    world.ledger.commit(refused(job))
    with pytest.raises(StaleMoveError):
        world.ledger.commit(refused(job))
    assert remaining(world) == 0


def test_an_end_counts_for_every_drop_that_waits_for_it(world: World) -> None:
    second = replace(DROP, id="drop-2")
    job = store(world, replace(ACCEPTED, drops=frozenset({"drop-1", "drop-2"})), DROP, second)
    world.ledger.commit(refused(job))
    assert (remaining(world), remaining(world, "drop-2")) == (0, 0)


def test_unconfirmed_counts_and_its_recovery_does_not_count_again(world: World) -> None:
    job = world.ledger.commit(promise(store(world)))
    job = world.ledger.commit(moves.unconfirmed(job, NOW))
    assert remaining(world) == 0
    job = world.ledger.commit(moves.submitted(job, "task-unified-1", NOW))
    world.ledger.commit(refused(job))
    assert remaining(world) == 0


def test_a_move_that_ends_nothing_counts_nothing(world: World) -> None:
    world.ledger.commit(promise(store(world)))
    assert remaining(world) == DROP.remaining


def test_a_drop_whose_jobs_all_ended_can_be_closed(world: World) -> None:
    world.ledger.commit(refused(store(world)))
    drop = world.drops.drop(DROP.id)
    assert drop is not None
    assert drop.can_close
    assert drop.state is DropState.ACCEPTED
