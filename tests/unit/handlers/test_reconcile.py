from tests.support.world import World
from tests.unit.handlers.conftest import Functions, trigger
from video_pipeline.domain.job import Job


def test_a_job_whose_run_never_started_gets_it(world: World, job: Job, function: Functions) -> None:
    world.clock.advance(minutes=16)
    reconcile = function("reconcile")
    (found,) = reconcile(trigger("reconcile"))["discrepancies"]
    assert (found["kind"], found["job_id"], found["repaired"]) == ("forsaken_job", job.id, True)
    (started,) = reconcile.called("states:StartExecution")
    assert started["name"] == f"{job.id}-1"


def test_a_job_that_stands_still_for_a_short_while_is_left_alone(
    world: World, job: Job, function: Functions
) -> None:
    world.clock.advance(minutes=14)
    assert function("reconcile")(trigger("reconcile")) == {"discrepancies": []}


def test_a_job_whose_run_is_alive_is_left_alone(
    world: World, job: Job, function: Functions
) -> None:
    world.clock.advance(minutes=16)
    reconcile = function("reconcile")
    reconcile(trigger("reconcile"))
    assert reconcile(trigger("reconcile")) == {"discrepancies": []}
