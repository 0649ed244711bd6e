import pytest

from tests.support.world import World
from tests.unit.handlers.conftest import Functions, trigger
from video_pipeline.domain.job import Job


@pytest.mark.parametrize("status", ["ABORTED", "FAILED", "TIMED_OUT"])
def test_a_run_that_died_is_continued_as_the_next(
    status: str, world: World, job: Job, function: Functions
) -> None:
    continue_run = function("continue_run")
    continue_run(trigger("continue_run", ABORTED=status))
    (started,) = continue_run.called("states:StartExecution")
    assert started["name"] == f"{job.id}-2"
    assert world.job(job).open_run == 2


def test_a_death_told_twice_is_continued_once(world: World, job: Job, function: Functions) -> None:
    continue_run = function("continue_run")
    for _ in range(2):
        continue_run(trigger("continue_run"))
    assert len(continue_run.called("states:StartExecution")) == 1


def test_the_end_of_a_job_that_nobody_remembers_starts_nothing(function: Functions) -> None:
    continue_run = function("continue_run")
    assert continue_run(trigger("continue_run")) == {}
    assert continue_run.called("states:StartExecution") == []
