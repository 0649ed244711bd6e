"""Taking up again what had come to rest: what pays nothing twice, and what is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.world import ONE_REQUEST, World
from video_pipeline.domain.answers import Refused, Unknown
from video_pipeline.domain.drop import DropState
from video_pipeline.domain.job import Charged, Job, JobState
from video_pipeline.domain.next_step import Done, Later
from video_pipeline.domain.redrive import Wish
from video_pipeline.domain.task import TaskStatus

PLAIN = Wish()


def failed(world: World) -> Job:
    """Drop a job that the provider refuses; return it at its end, everything told."""
    job = world.one_job()
    world.provider.answers.append(lambda _: Refused(400, "invalid_parameters", "no"))
    world.spin(job)
    return world.job(job)


def unconfirmed(world: World) -> Job:
    """Return a job whose paid call was answered by nobody; its task is in the books."""

    def lost(task_id: str) -> Unknown:
        world.provider.bought(task_id)
        return Unknown("timed out")

    job = world.one_job()
    world.provider.answers.append(lost)
    world.spin(job)
    return world.job(job)


def expired(world: World) -> Job:
    """Return a job whose paid video could not be copied while its link lived."""
    job = world.one_job()
    world.spin(job)
    world.fetcher.default, alive = None, world.fetcher.default
    world.provider.finish()
    while not isinstance(world.spin(job), Done):
        world.clock.advance(hours=1)
    world.fetcher.default = alive
    return world.job(job)


def completions(world: World) -> list[str]:
    kind = "Manifest Completed"
    return [entry["Detail"] for entry in world.published if entry["DetailType"] == kind]


def test_a_job_that_cost_nothing_gets_its_next_attempt(world: World) -> None:
    job = failed(world)
    redriven = world.redrive(job, PLAIN)
    assert (redriven.refusal, redriven.told) == (None, "Attempt 2 begins.")
    assert world.runs.started[-1] == f"{job.id}-2"
    world.spin(job)
    world.provider.finish("task-unified-2")
    world.spin(job)
    assert world.job(job).state is JobState.ARCHIVED
    assert world.provider.keys == [f"{job.id}-0001", f"{job.id}-0002"]
    assert world.credits_of() == (0, 130_000)


def test_a_redriven_job_opens_its_drop_which_ends_and_is_told_again(world: World) -> None:
    job = failed(world)
    assert world.receipt()["state"] == "completed"
    world.redrive(job, PLAIN)
    assert world.receipt()["state"] == "accepted"
    (drop_id,) = job.drops
    world.spin(job)
    world.provider.finish("task-unified-2")
    world.spin(job)
    drop = world.drops.drop(drop_id)
    assert drop is not None
    assert (drop.state, drop.remaining, drop.told, drop.closings) == (
        DropState.COMPLETED,
        0,
        True,
        2,
    )
    first, second = completions(world)
    assert f'"{drop_id}-completed"' in first
    assert f'"{drop_id}-completed-2"' in second
    assert '"archived": 1' in second
    assert world.receipt()["jobs"][0]["state"] == "archived"


def test_the_end_of_a_drop_that_was_opened_meanwhile_does_not_count_as_told(world: World) -> None:
    job = failed(world)
    (drop_id,) = job.drops
    world.redrive(job, PLAIN)
    world.drops.mark_completion_told(f"{drop_id}-completed")
    drop = world.drops.drop(drop_id)
    assert drop is not None
    assert not drop.told


def test_redriving_twice_begins_one_attempt(world: World) -> None:
    job = failed(world)
    world.redrive(job, PLAIN)
    again = world.redrive(job, PLAIN)
    assert again.refusal == "It is under way: accepted."
    assert world.job(job).attempt == 2


def test_a_job_that_nobody_is_at_gets_a_run_instead_of_an_attempt(world: World) -> None:
    job = failed(world)
    world.redrive(job, PLAIN)
    stuck = replace(world.job(job), rings=0)
    assert world.ledger.close_run(stuck, world.clock.now())
    world.redrive(world.job(job), PLAIN)
    assert world.job(job).open_run == 3


def test_a_passed_deadline_asks_for_another_or_none(world: World) -> None:
    soon = (world.clock.now() + timedelta(minutes=1)).isoformat()
    job = world.one_job(deadline=soon)
    world.clock.advance(minutes=2)
    world.spin(job)
    assert world.job(job).reason == "deadline"
    assert "--no-deadline" in (world.redrive(world.job(job), PLAIN).refusal or "")
    later = world.clock.now() + timedelta(hours=1)
    world.redrive(world.job(job), Wish(deadline=later))
    assert world.job(job).deadline == later
    assert isinstance(world.spin(job), object)
    assert len(world.provider.bodies) == 1


def test_a_job_may_be_redriven_without_any_deadline(world: World) -> None:
    soon = (world.clock.now() + timedelta(minutes=1)).isoformat()
    job = world.one_job(deadline=soon)
    world.clock.advance(minutes=2)
    world.spin(job)
    assert world.redrive(world.job(job), Wish(any_time=True)).refusal is None
    assert world.job(job).deadline is None


def test_an_archived_video_is_not_bought_again(world: World) -> None:
    job = world.one_job()
    world.spin(job)
    world.provider.finish()
    world.spin(job)
    assert "rerun: true" in (world.redrive(world.job(job), PLAIN).refusal or "")


def test_an_unconfirmed_job_is_not_paid_again(world: World) -> None:
    job = unconfirmed(world)
    world.provider.lists = False
    world.provider.tasks.clear()
    world.provider.lists = True
    refusal = world.redrive(job, PLAIN).refusal or ""
    assert refusal.startswith("It may have been charged")
    assert f"--force {job.id}" in refusal
    assert world.job(job).state is JobState.UNCONFIRMED


def test_an_unconfirmed_job_takes_up_the_one_listed_task_that_can_be_its_own(world: World) -> None:
    job = unconfirmed(world)
    world.clock.advance(minutes=30)
    assert world.redrive(job, PLAIN).refusal is None
    world.provider.finish()
    world.spin(job)
    ended = world.job(job)
    assert (ended.state, ended.task_id, ended.attempt) == (JobState.ARCHIVED, "task-unified-1", 1)
    assert world.credits_of() == (0, 130_000)


def test_a_forced_job_is_paid_again_and_the_first_reservation_stays_charged(world: World) -> None:
    job = unconfirmed(world)
    world.redrive(job, Wish(forced=frozenset({job.id})))
    assert world.credits_of() == (0, 135_000)
    world.spin(job)
    world.provider.finish("task-unified-2")
    world.spin(job)
    ended = world.job(job)
    assert (ended.attempt, ended.charged, ended.charge) == (2, Charged.YES, 265_000)
    assert world.credits_of() == (0, 265_000)


def test_a_forced_attempt_that_costs_nothing_does_not_make_the_first_one_free(world: World) -> None:
    job = unconfirmed(world)
    world.redrive(job, Wish(forced=frozenset({job.id})))
    world.provider.answers.append(lambda _: Refused(400, "invalid_parameters", "no"))
    world.spin(job)
    ended = world.job(job)
    assert (ended.charged, ended.charge) == (Charged.UNKNOWN, 135_000)
    assert world.redrive(ended, PLAIN).refusal is not None


def test_an_expired_link_is_copied_without_paying_again(world: World) -> None:
    job = expired(world)
    assert (job.reason, job.charged) == ("link_expired", Charged.YES)
    charged = world.credits_of()
    redriven = world.redrive(job, PLAIN)
    assert redriven.told == "Task task-unified-1 is followed again; nothing is paid."
    world.spin(job)
    ended = world.job(job)
    assert (ended.state, ended.attempt, ended.charge) == (JobState.ARCHIVED, 1, 130_000)
    assert len(world.provider.bodies) == 1
    assert world.credits_of() == charged


def test_a_charge_is_opened_again_even_on_a_day_that_is_full(world: World) -> None:
    job = expired(world)
    full = world.ledger
    full._daily_cap = 0
    assert world.redrive(job, PLAIN).refusal is None


@pytest.mark.parametrize("gone", [True, False])
def test_a_charged_job_whose_task_shows_no_video_stays_as_it_is(world: World, gone: bool) -> None:
    job = expired(world)
    if gone:
        world.provider.tasks.clear()
    else:
        task = world.provider.tasks["task-unified-1"]
        world.provider.tasks[task.id] = replace(task, links=())
    assert (world.redrive(job, PLAIN).refusal or "").startswith("It was charged")


def test_a_stuck_task_that_failed_after_all_releases_what_was_settled(world: World) -> None:
    job = world.one_job()
    world.spin(job)
    world.clock.advance(hours=80)
    world.spin(job)
    assert world.job(job).reason == "task_stuck"
    world.provider.fail("content_policy_violation")
    world.redrive(world.job(job), PLAIN)
    world.spin(job)
    ended = world.job(job)
    assert (ended.reason, ended.charged, ended.charge) == ("moderation", Charged.NO, 0)
    assert world.credits_of() == (0, 0)


def test_a_job_that_two_drops_asked_for_opens_both(world: World) -> None:
    job = failed(world)
    world.drop("manifests/a/m.json", {"jobs": [ONE_REQUEST], "defaults": {"quality": "720p"}})
    both = world.job(job).drops
    world.redrive(world.job(job), PLAIN)
    states = {drop.state for drop_id in both if (drop := world.drops.drop(drop_id))}
    assert len(both) == 2
    assert states == {DropState.ACCEPTED}


def test_a_running_task_goes_on_being_awaited(world: World) -> None:
    job = world.one_job()
    world.spin(job)
    world.clock.advance(hours=80)
    world.spin(job)
    assert world.provider.tasks["task-unified-1"].status is TaskStatus.RUNNING
    world.redrive(world.job(job), PLAIN)
    assert not isinstance(world.spin(job), Done | Later)
    assert world.job(job).state is JobState.SUBMITTED
