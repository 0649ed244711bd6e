"""Each example of a subscriber, deployed beside the running stack by its own command."""

import pytest

from local_stack.examples.play import play
from local_stack.places import StackFolder
from tests.journeys.traveller import Traveller

pytestmark = pytest.mark.stack


def test_a_function_acts_on_each_finished_video_once(
    traveller: Traveller, running_folder: StackFolder
) -> None:
    (row,) = play("act-on-video", running_folder)
    job = traveller.job(row["job"])
    assert (row["name"], job["state"]) == ("acted-on", "archived")
    assert row["video"].endswith("videos/examples/act-on-video/acted-on/video.mp4")
    assert row["event"] == f"{row['job']}-0002"


def test_a_queue_gets_the_videos_of_its_campaign_alone(
    traveller: Traveller, running_folder: StackFolder
) -> None:
    assert play("filtered-queue", running_folder) == [
        {"event": "Video Archived", "metadata": {"campaign": "spring"}}
    ]
    ended = traveller.ended("manifests/examples/filtered-queue.json")
    assert {job["state"] for job in ended["jobs"]} == {"archived"}


def test_a_workflow_goes_on_from_a_finished_video(
    traveller: Traveller, running_folder: StackFolder
) -> None:
    seen = play("continue-video", running_folder)
    assert (seen["status"], seen["end"]) == ("SUCCEEDED", "archived")
    _, sidecar = traveller.archived(seen["key"].removesuffix("/video.mp4"))
    (first,) = traveller.ended("manifests/examples/continue-video.json")["jobs"]
    (reference,) = sidecar["request"]["video_urls"]
    assert reference == f"s3://{traveller.stack.archive_bucket}/{first['key']}"
    assert sidecar["metadata"] == {"continues": first["id"]}
