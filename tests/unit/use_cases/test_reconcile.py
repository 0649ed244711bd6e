"""Ledger against executions, provider and archive: what is found, mended and told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.world import ARCHIVE, ONE_REQUEST, World
from tests.unit.use_cases.test_redrive import expired, unconfirmed
from video_pipeline.domain import moves
from video_pipeline.domain.answers import Unknown
from video_pipeline.domain.discrepancy import Discrepancy, Kind
from video_pipeline.domain.job import Charged, JobState
from video_pipeline.domain.request import MODEL
from video_pipeline.domain.task import Task, TaskStatus


def found(world: World) -> dict[Kind, Discrepancy]:
    return {each.kind: each for each in world.reconcile()}


def late(world: World) -> World:
    world.clock.advance(minutes=30)
    return world


def test_where_all_agree_nothing_is_found(world: World) -> None:
    job = world.one_job()
    world.spin(job)
    assert found(late(world)) == {}
    world.provider.finish()
    world.spin(job)
    assert found(late(world)) == {}


def test_an_unconfirmed_job_takes_up_the_one_task_that_fits_it(world: World) -> None:
    job = unconfirmed(world)
    mended = found(late(world))[Kind.UNCONFIRMED_JOB]
    assert (mended.repaired, mended.task_id) == (True, "task-unified-1")
    assert world.job(job).task_id == "task-unified-1"
    assert Kind.TASK_WITHOUT_JOB not in found(world)


def test_an_unconfirmed_job_without_a_task_is_told(world: World) -> None:
    job = world.one_job()
    world.provider.answers.append(lambda _: Unknown("timed out"))
    world.spin(job)
    left = found(late(world))[Kind.UNCONFIRMED_JOB]
    assert (left.repaired, left.job_id) == (False, job.id)


def test_two_jobs_that_a_task_may_belong_to_are_left_to_a_person(world: World) -> None:
    unconfirmed(world)
    other = world.drop("manifests/b/m.json", {**ONE_REQUEST, "quality": "480p"})
    world.provider.answers.append(lambda _: Unknown("timed out"))
    world.spin(world.drops.jobs_of(other.id)[0])
    discrepancies = late(world).reconcile()
    assert [each.kind for each in discrepancies if each.repaired] == []
    assert Kind.TASK_WITHOUT_JOB in {each.kind for each in discrepancies}


def test_two_tasks_that_a_job_may_own_are_left_to_a_person(world: World) -> None:
    job = unconfirmed(world)
    created = int(world.clock.now().timestamp())
    world.provider.tasks["stranger"] = Task("stranger", TaskStatus.RUNNING, MODEL, created)
    assert not found(late(world))[Kind.UNCONFIRMED_JOB].repaired
    assert world.job(job).state is JobState.UNCONFIRMED


def test_a_call_that_may_still_be_noted_keeps_its_task(world: World) -> None:
    """Another worker's answer is on its way just after the lease; its task is not up for grabs."""
    job = unconfirmed(world)
    world.clock.advance(minutes=5)
    assert not found(world)[Kind.UNCONFIRMED_JOB].repaired
    assert world.job(job).state is JobState.UNCONFIRMED


def test_a_task_that_is_not_what_was_asked_for_is_not_taken(world: World) -> None:
    unconfirmed(world)
    task = world.provider.tasks["task-unified-1"]
    world.provider.tasks[task.id] = replace(task, video_seconds=14)
    assert not found(late(world))[Kind.UNCONFIRMED_JOB].repaired


@pytest.mark.parametrize("trouble", ["refused", "empty"])
def test_without_a_list_nothing_is_taken_and_everything_else_goes_on(
    world: World, trouble: str
) -> None:
    job = unconfirmed(world)
    world.runs.alive.clear()
    if trouble == "refused":
        world.provider.lists = False
    else:
        world.provider.tasks.clear()
    kinds = found(late(world))
    assert (Kind.UNREADABLE_LIST in kinds) == (trouble == "refused")
    assert not kinds[Kind.UNCONFIRMED_JOB].repaired
    assert world.job(job).state is JobState.UNCONFIRMED


def test_a_task_that_nobody_asked_for_is_told(world: World) -> None:
    created = int(world.clock.now().timestamp())
    world.provider.tasks["stranger"] = Task("stranger", TaskStatus.RUNNING, MODEL, created)
    told = found(late(world))[Kind.TASK_WITHOUT_JOB]
    assert (told.task_id, told.repaired) == ("stranger", False)


def test_a_paid_video_of_a_failed_job_is_fetched_while_its_link_lives(world: World) -> None:
    job = world.one_job()
    world.spin(job)
    task = world.provider.tasks.pop("task-unified-1")
    world.clock.advance(minutes=11)
    world.spin(job)
    assert world.job(job).reason == "task_gone"
    world.provider.tasks[task.id] = task
    world.provider.finish()
    assert found(world)[Kind.UNARCHIVED_VIDEO].repaired
    world.spin(job)
    assert world.job(job).state is JobState.ARCHIVED


def test_a_paid_video_whose_link_is_dead_is_told(world: World) -> None:
    job = expired(world)
    told = found(world)[Kind.UNARCHIVED_VIDEO]
    assert (told.job_id, told.repaired) == (job.id, False)


def test_a_copy_that_does_not_succeed_is_told_while_it_is_tried(world: World) -> None:
    job = world.one_job()
    world.spin(job)
    world.fetcher.default = None
    world.provider.finish()
    world.spin(job)
    world.clock.advance(hours=2)
    told = found(world)[Kind.UNARCHIVED_VIDEO]
    assert "403 from the link" in told.what


def test_a_video_that_vanished_from_the_archive_is_told(world: World) -> None:
    job = world.one_job()
    world.spin(job)
    world.provider.finish()
    world.spin(job)
    video = world.job(job).video
    assert video is not None
    world.s3.delete_object(Bucket=ARCHIVE, Key=video.key)
    assert found(late(world))[Kind.LOST_OBJECT].job_id == job.id


def test_a_drop_that_nobody_closed_is_closed_and_told(world: World) -> None:
    drop = world.drop("manifests/a/m.json", ONE_REQUEST)
    (job,) = world.drops.jobs_of(drop.id)
    now = world.clock.now()
    ended = moves.failed(job, now, reason="cancelled", message="", charged=Charged.NO)
    world.ledger.commit(ended)
    mended = found(late(world))
    assert mended[Kind.OPEN_DROP].drop_id == drop.id
    assert world.bus.events[-1].type == "Manifest Completed"
    assert Kind.OPEN_DROP not in found(late(world))


def test_reconciling_looks_no_further_back_than_two_days(world: World) -> None:
    created = int((world.clock.now() - timedelta(hours=49)).timestamp())
    world.provider.tasks["old"] = Task("old", TaskStatus.RUNNING, MODEL, created)
    assert found(world) == {}
