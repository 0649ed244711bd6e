import json
from typing import Any

from tests.support.world import World
from tests.unit.handlers.conftest import Functions, trigger
from tests.unit.handlers.deployment import BUS
from video_pipeline.domain.job import Job, JobState
from video_pipeline.domain.next_step import Done

STATE = {
    "version",
    "job_id",
    "run",
    "turn",
    "step",
    "attempt",
    "rings",
    "seconds",
    "entries",
    "told",
    "completions",
}


def turned(state: dict[str, Any], **more: object) -> dict[str, Any]:
    """Return what the hub is called with after a state: its own answer, and what was added."""
    return {**trigger("advance_job"), "state": {**state, **more}}


def test_a_fresh_job_is_submitted_first(world: World, job: Job, function: Functions) -> None:
    state = function("advance_job")(trigger("advance_job"))
    assert (state["step"], state["attempt"], state["turn"]) == ("submit", 1, 1)


def test_every_field_that_the_wheel_reads_is_in_every_answer(
    world: World, job: Job, function: Functions
) -> None:
    state = function("advance_job")(trigger("advance_job"))
    assert set(state) == STATE
    assert json.loads(json.dumps(state)) == state


def test_a_submitted_job_is_told_then_awaited(world: World, job: Job, function: Functions) -> None:
    world.submit(job)
    advance_job = function("advance_job")
    state = advance_job(trigger("advance_job"))
    assert (state["step"], state["told"]) == ("publish", 1)
    (entry,) = state["entries"]
    assert (entry["DetailType"], entry["EventBusName"]) == ("Video Submitted", BUS)
    state = advance_job(turned(state, published={"FailedEntryCount": 0}))
    assert (state["step"], state["rings"], state["told"]) == ("await", 0, 0)
    assert world.job(job).published == 1


def test_what_the_bus_took_counts_as_told(world: World, job: Job, function: Functions) -> None:
    world.submit(job)
    state = function("advance_job")(trigger("advance_job_published"))
    assert world.job(job).published == 1
    assert state["step"] == "await"


def test_what_the_bus_did_not_take_is_told_again(
    world: World, job: Job, function: Functions
) -> None:
    world.submit(job)
    state = function("advance_job")(trigger("advance_job_not_published"))
    assert world.job(job).published == 0
    assert (state["step"], len(state["entries"])) == ("publish", 1)


def test_a_job_whose_worker_fails_every_time_ends_unpaid(
    world: World, job: Job, function: Functions
) -> None:
    state = function("advance_job")(trigger("advance_job_undeliverable"))
    ended = world.job(job)
    assert (ended.state, ended.reason) == (JobState.FAILED, "undeliverable")
    assert state["step"] == "publish"


def test_a_finished_task_is_archived_next(world: World, job: Job, function: Functions) -> None:
    world.spin(job)
    world.provider.finish()
    assert function("advance_job")(trigger("advance_job"))["step"] == "archive"


def test_a_wait_is_told_in_whole_seconds(world: World, job: Job, function: Functions) -> None:
    world.provider.ready = False
    state = function("advance_job")(trigger("advance_job"))
    assert (state["step"], state["seconds"]) == ("later", 65)  # a minute, spread by the job's id


def test_the_end_of_a_manifest_is_told_once_and_then_the_run_is_done(
    world: World, job: Job, function: Functions
) -> None:
    advance_job = function("advance_job")
    world.submit(job)
    world.clock.advance(seconds=6)
    world.provider.fail("content_policy_violation")
    state: dict[str, Any] = trigger("advance_job")["state"]
    told = []
    while state.get("step") != "done":
        state = advance_job(turned(state))
        if state["step"] == "publish":
            told += [entry["DetailType"] for entry in state["entries"]]
            state["published"] = {"FailedEntryCount": 0}
    assert told == ["Video Submitted", "Video Failed", "Manifest Completed"]
    assert world.job(job).open_run is None


def test_a_run_that_is_not_the_open_one_changes_nothing(
    world: World, job: Job, function: Functions
) -> None:
    assert isinstance(world.spin(job), Done) is False
    world.open_next_run(world.job(job))
    before = world.job(job)
    assert function("advance_job")(trigger("advance_job"))["step"] == "done"
    assert world.job(job) == before


def test_a_run_that_turned_a_thousand_times_hands_over_to_the_next(
    world: World, job: Job, function: Functions
) -> None:
    advance_job = function("advance_job")
    state = trigger("advance_job")["state"]
    assert advance_job(turned(state, turn=1000))["step"] == "done"
    (started,) = advance_job.called("states:StartExecution")
    assert started["name"] == f"{job.id}-2"
    assert json.loads(started["input"]) == {"version": 1, "job_id": job.id, "run": 2, "turn": 0}
