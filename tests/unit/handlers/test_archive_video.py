from dataclasses import replace

import pytest

from tests.support.world import ARCHIVE, VIDEO, World
from tests.unit.handlers.conftest import Functions, trigger
from video_pipeline.domain.job import Job, JobState
from video_pipeline.domain.next_step import ArchiveVideo, Await
from video_pipeline.use_cases.advance_job import Turn

FOLDER = "videos/spring/früher tee/tea"


@pytest.fixture
def completed(world: World, job: Job) -> Job:
    """The job with its task finished."""
    assert isinstance(world.spin(job), Await)
    world.provider.finish()
    link = "https://files.test/task-unified-1.mp4?signature=planted"
    task = world.provider.tasks["task-unified-1"]
    world.provider.tasks["task-unified-1"] = replace(task, links=(link,))
    answer = world.advance_job(Turn(job.id, 1, 5))
    assert isinstance(answer.step, ArchiveVideo)
    return world.job(job)


def test_a_finished_video_is_archived(world: World, completed: Job, function: Functions) -> None:
    assert function("archive_video")(trigger("archive_video")) == {}
    assert world.job(completed).state is JobState.ARCHIVED
    video = world.s3.get_object(Bucket=ARCHIVE, Key=f"{FOLDER}/video.mp4")["Body"].read()
    assert video == VIDEO


def test_poster_and_sidecar_lie_beside_the_video(
    world: World, completed: Job, function: Functions
) -> None:
    function("archive_video")(trigger("archive_video"))
    listed = world.s3.list_objects_v2(Bucket=ARCHIVE, Prefix=f"{FOLDER}/")["Contents"]
    names = {found["Key"].removeprefix(f"{FOLDER}/") for found in listed}
    assert names == {"video.mp4", "poster.jpg", "result.json"}


def test_a_link_that_does_not_answer_is_left_to_the_hub(
    world: World, completed: Job, function: Functions
) -> None:
    world.fetcher.default = None
    assert function("archive_video")(trigger("archive_video")) == {}
    current = world.job(completed)
    assert (current.state, current.archive_trouble) == (JobState.COMPLETED, "403 from the link")


def test_a_job_that_has_no_video_yet_is_left_alone(
    world: World, job: Job, function: Functions
) -> None:
    assert function("archive_video")(trigger("archive_video")) == {}
    assert world.job(job) == job
