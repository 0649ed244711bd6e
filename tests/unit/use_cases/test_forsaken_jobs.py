"""Runs that die, links that die, orders that nobody could carry out."""

from dataclasses import replace

import pytest

from tests.support.world import ARCHIVE, VIDEO, FakeFetched, World
from video_pipeline.domain.job import JobState
from video_pipeline.domain.next_step import Done, Later
from video_pipeline.use_cases.advance_job import Turn
from video_pipeline.use_cases.bury_job import UNDELIVERABLE, BuryJob


def test_a_dead_run_is_continued_as_the_next(world: World) -> None:
    job = world.one_job()
    assert world.continue_run(job.id, 1)
    assert world.job(job).open_run == 2
    assert world.runs.started[-1] == f"{job.id}-2"


def test_a_dead_run_that_is_not_the_open_one_is_left_dead(world: World) -> None:
    job = world.one_job()
    world.continue_run(job.id, 1)
    assert not world.continue_run(job.id, 1)
    assert world.job(job).open_run == 2


def test_reconcile_starts_a_run_that_was_never_started(world: World) -> None:
    job = world.one_job()
    world.runs.started.clear()
    world.runs.alive.clear()
    world.clock.advance(minutes=20)
    assert len(list(world.find_forsaken())) == 1
    assert world.runs.started == [f"{job.id}-1"]


def test_reconcile_continues_a_run_that_died_unheard(world: World) -> None:
    job = world.one_job()
    world.runs.alive.clear()
    world.clock.advance(minutes=20)
    world.reconcile()
    assert world.runs.started[-1] == f"{job.id}-2"


def test_reconcile_leaves_living_and_young_jobs_alone(world: World) -> None:
    world.one_job()
    assert list(world.find_forsaken()) == []
    world.clock.advance(minutes=20)
    assert list(world.find_forsaken()) == []


def test_reconcile_leaves_ended_jobs_alone(world: World) -> None:
    job = world.one_job()
    world.spin(job)
    world.provider.finish()
    world.spin(job)
    world.clock.advance(minutes=20)
    assert list(world.find_forsaken()) == []


def test_a_dead_order_fails_its_token_and_the_job_ends_unpaid(world: World) -> None:
    job = world.one_job()
    BuryJob(world.runs)(world.order(job))
    assert world.runs.failed == [(f"token of {job.id}-1", UNDELIVERABLE)]
    world.advance_job(Turn(job.id, 1, 1, undeliverable=True))
    assert world.job(job).reason == "undeliverable"
    assert world.credits_of() == (0, 0)


def completed(world: World) -> str:
    """Bring a job to where its video lies at the provider; returns its id."""
    job = world.one_job(name="tea")
    world.spin(job)
    world.provider.finish()
    world.advance_job(Turn(job.id, 1, 5))
    return job.id


def test_a_dead_link_is_replaced_by_a_fresh_one(world: World) -> None:
    world.fetcher.default = None
    job_id = completed(world)
    world.archive_video(job_id)
    job = world.ledger.job(job_id)
    assert job is not None
    assert job.state is JobState.COMPLETED
    assert job.archive_trouble == "403 from the link"
    tasks = world.provider.tasks
    fresh = replace(tasks["task-unified-1"], links=("https://files.test/fresh.mp4",))
    tasks["task-unified-1"] = fresh
    world.fetcher.answers["https://files.test/fresh.mp4"] = FakeFetched(VIDEO)
    world.clock.advance(minutes=5)
    assert world.spin(job) == Done()
    assert world.job(job).state is JobState.ARCHIVED


@pytest.mark.parametrize(
    "answer",
    [
        FakeFetched(b"<html>", headers={"content-type": "text/html"}),
        FakeFetched(VIDEO[: len(VIDEO) // 2]),
        FakeFetched(VIDEO, headers={"content-type": "text/plain; charset=utf-8"}),
        FakeFetched(b"", status=500),
    ],
    ids=["a page", "a body cut short", "another type", "a server's trouble"],
)
def test_what_is_no_video_never_appears_in_the_archive(world: World, answer: FakeFetched) -> None:
    world.fetcher.default = answer
    job_id = completed(world)
    world.archive_video(job_id)
    listed = world.s3.list_objects_v2(Bucket=ARCHIVE)
    assert listed["KeyCount"] == 0
    job = world.ledger.job(job_id)
    assert job is not None
    assert job.archive_trouble


def test_a_copy_that_keeps_failing_is_told_at_risk_and_then_ended(world: World) -> None:
    world.fetcher.default = None
    job_id = completed(world)
    job = world.ledger.job(job_id)
    assert job is not None
    for _ in range(26):
        step = world.spin(job)
        if step == Done():
            break
        assert isinstance(step, Later)
        world.clock.advance(hours=1)
    ended = world.job(job)
    assert (ended.state, ended.reason) == (JobState.FAILED, "link_expired")
    assert world.told() == [
        "Video Submitted",
        "Link At Risk",
        "Video Failed",
        "Manifest Completed",
    ]


def test_a_repeated_copy_adopts_what_an_earlier_try_left(world: World) -> None:
    job_id = completed(world)
    world.archive_video(job_id)
    versions = world.s3.list_object_versions(Bucket=ARCHIVE, Prefix="videos/a/m/tea/video.mp4")
    world.archive_video(job_id)
    again = world.s3.list_object_versions(Bucket=ARCHIVE, Prefix="videos/a/m/tea/video.mp4")
    assert len(versions["Versions"]) == len(again["Versions"]) == 1


def test_a_deadline_that_passes_before_payment_ends_the_job(world: World) -> None:
    job = world.one_job(deadline="2026-11-24T13:00:00Z")
    world.clock.advance(hours=2)
    world.spin(job)
    assert world.job(job).reason == "deadline"
    assert world.provider.bodies == []
