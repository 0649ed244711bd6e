"""What becomes of a video that is, or seems to be, there already, and of sources that mislead."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.media_files import film
from tests.support.world import ARCHIVE, VIDEO, FakeFetched, World
from video_pipeline.domain.errors import KeyTakenError, SourceLostError
from video_pipeline.domain.job import Job, JobState
from video_pipeline.ports import FoundObject, Labels, StoredObject, Video
from video_pipeline.use_cases.advance_job import Turn

KEY = "videos/a/m/tea/video.mp4"
ANOTHER = film(seconds=1, width=96, height=64)


def completed(world: World) -> Job:
    """Bring a job to where its video lies at the provider."""
    job = world.one_job(name="tea")
    world.spin(job)
    world.provider.finish()
    world.advance_job(Turn(job.id, 1, 5))
    return world.job(job)


def lay(world: World, content: bytes, **metadata: str) -> str:
    """Put something under the video's key; returns its version."""
    answer = world.s3.put_object(
        Bucket=ARCHIVE, Key=KEY, Body=content, Metadata=metadata, ChecksumAlgorithm="CRC32"
    )
    return answer["VersionId"]


def versions(world: World) -> list[str]:
    found = world.s3.list_object_versions(Bucket=ARCHIVE, Prefix=KEY)["Versions"]
    return [version["VersionId"] for version in found]


def archived(world: World, job: Job) -> dict[str, Any]:
    """Archive a job's video; return what lies beside it."""
    ended = world.archive_video(job.id)
    assert ended is not None
    assert ended.state is JobState.ARCHIVED
    return beside(world)


def beside(world: World) -> dict[str, Any]:
    body = world.s3.get_object(Bucket=ARCHIVE, Key="videos/a/m/tea/result.json")["Body"].read()
    document: dict[str, Any] = json.loads(body)
    return document


def test_what_an_earlier_try_left_is_adopted_even_when_the_link_is_dead(world: World) -> None:
    job = completed(world)
    version = lay(world, VIDEO, job=job.id, task=job.task_id or "")
    world.fetcher.default = None
    document = archived(world, job)
    assert versions(world) == [document["video"]["version_id"]] == [version]
    assert document["video"]["replaces_version_id"] is None
    assert document["media"]["width"] == 64


@pytest.mark.parametrize(
    "metadata", [{}, {"job": "another", "task": "task-unified-1"}, {"task": "another"}]
)
def test_somebody_else_s_object_stays_as_a_version_that_is_named(
    world: World, metadata: dict[str, str]
) -> None:
    job = completed(world)
    before = lay(world, ANOTHER, **{"job": job.id, **metadata})
    document = archived(world, job)
    assert document["video"]["replaces_version_id"] == before
    assert len(versions(world)) == 2
    told = world.job(job).video
    assert told is not None
    assert told.replaces == before
    kept = world.s3.get_object(Bucket=ARCHIVE, Key=KEY, VersionId=before)["Body"].read()
    assert kept == ANOTHER


def test_our_own_object_that_is_no_video_is_not_adopted(world: World) -> None:
    job = completed(world)
    before = lay(world, b"damaged", job=job.id, task=job.task_id or "")
    assert archived(world, job)["video"]["replaces_version_id"] == before


@dataclass
class Troubled:
    """An archive whose next copies end in some errors."""

    real: Any
    errors: list[Exception] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def copy(
        self, key: str, video: Video, labels: Labels, over: FoundObject | None
    ) -> StoredObject:
        if self.errors:
            self.meanwhile()
            raise self.errors.pop(0)
        stored: StoredObject = self.real.copy(key, video, labels, over)
        return stored

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


def troubled(world: World, *errors: Exception) -> Troubled:
    archive = Troubled(world.archive_video.archive, list(errors))
    world.archive_video = replace(world.archive_video, archive=archive)
    return archive


def test_who_comes_second_adopts_what_the_first_one_wrote(world: World) -> None:
    job = completed(world)
    archive = troubled(world, KeyTakenError("taken"))
    archive.meanwhile = lambda: lay(world, VIDEO, job=job.id, task=job.task_id or "")
    archived(world, job)
    assert len(versions(world)) == 1


def test_a_source_that_changed_is_looked_at_and_copied_anew(world: World) -> None:
    job = completed(world)
    troubled(world, SourceLostError("changed"))
    archived(world, job)
    assert world.s3.get_object(Bucket=ARCHIVE, Key=KEY)["Body"].read() == VIDEO


def test_a_source_that_keeps_changing_is_left_to_the_next_try(world: World) -> None:
    job = completed(world)
    troubled(world, SourceLostError("changed"), SourceLostError("changed again"))
    world.archive_video(job.id)
    assert world.job(job).archive_trouble == "changed again"
    assert world.s3.list_objects_v2(Bucket=ARCHIVE)["KeyCount"] == 0


def test_a_wrong_label_is_asked_about_again_but_loses_no_paid_video(world: World) -> None:
    world.fetcher.default = FakeFetched(VIDEO, headers={"content-type": "text/plain"})
    job = completed(world)
    world.archive_video(job.id)
    assert "text/plain" in (world.job(job).archive_trouble or "")
    world.clock.advance(minutes=10)
    world.spin(job)
    assert world.job(job).state is JobState.COMPLETED
    world.clock.advance(minutes=10)
    world.spin(job)
    assert any("text/plain" in remark for remark in beside(world)["remarks"])


def test_what_is_wrong_with_us_is_raised(world: World) -> None:
    job = completed(world)
    troubled(world, RuntimeError("ours"))
    with pytest.raises(RuntimeError, match="ours"):
        world.archive_video(job.id)
