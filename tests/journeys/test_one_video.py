"""The main way, on the real stack, over real HTTP, with real media."""

from io import BytesIO
from pathlib import Path

import av
import pytest
from PIL import Image

from tests.journeys.traveller import Traveller

pytestmark = pytest.mark.stack


def test_a_dropped_manifest_brings_the_archived_video_and_the_events(
    traveller: Traveller, tmp_path: Path
) -> None:
    prompt = "image 1 is a bottle on a table"
    traveller.lay_picture("manifests/one/bottle.png", "#c05020", tmp_path)
    traveller.drop(
        "manifests/one/m.json",
        {
            "name": "tea",
            "prompt": prompt,
            "image_urls": ["bottle.png"],
            "metadata": {"campaign": "spring"},
        },
    )
    receipt = traveller.ended("manifests/one/m.json")
    (job,) = receipt["jobs"]
    assert (job["state"], job["charged"], job["credits"]) == ("archived", "yes", 13.5)

    video, sidecar = traveller.archived("videos/one/m/tea")
    with av.open(BytesIO(video), mode="r") as container:
        (stream,) = container.streams.video
        assert (stream.width, stream.height) == (1280, 720)
        assert stream.codec_context.name == "h264"
        assert [sound.codec_context.name for sound in container.streams.audio] == ["aac"]
        frames = sum(1 for _ in container.decode(video=0))
    assert frames == 5 * 24

    (task,) = traveller.tasks(prompt)
    assert sidecar["provider"]["task_id"] == task["id"]
    poster = traveller.s3.get_object(
        Bucket=traveller.stack.archive_bucket, Key="videos/one/m/tea/poster.jpg"
    )["Body"].read()
    assert Image.open(BytesIO(poster)).size == (1280, 720)

    events = traveller.events_of("one/m.json", until="Manifest Completed")
    ours = {event["detail"]["event_id"]: event for event in events}
    assert [event["detail-type"] for event in ours.values()] == [
        "Manifest Accepted",
        "Video Submitted",
        "Video Archived",
        "Manifest Completed",
    ]
    archived = ours[f"{job['id']}-0002"]
    assert archived["source"] == "video-pipeline"
    assert archived["detail"]["video"]["sha256"] == sidecar["video"]["sha256"]
    assert archived["detail"]["metadata"] == {"campaign": "spring"}


def test_one_id_follows_a_job_through_ledger_execution_archive_and_receipt(
    traveller: Traveller, tmp_path: Path
) -> None:
    traveller.lay_picture("manifests/id/cup.png", "#2050c0", tmp_path)
    traveller.drop("manifests/id/m.json", {"prompt": "the cup", "image_urls": ["cup.png"]})
    (job,) = traveller.ended("manifests/id/m.json")["jobs"]
    _, sidecar = traveller.archived("videos/id/m/job-00001")
    runs = traveller.states.list_executions(stateMachineArn=traveller.stack.state_machine_arn)
    assert sidecar["job"]["id"] == job["id"]
    assert traveller.job(job["id"])["state"] == "archived"
    assert f"{job['id']}-1" in {run["name"] for run in runs["executions"]}


def test_three_videos_of_one_manifest_differ_as_their_requests_do(
    traveller: Traveller, tmp_path: Path
) -> None:
    traveller.lay_picture("manifests/three/red.png", "#c02020", tmp_path)
    traveller.lay_picture("manifests/three/blue.png", "#2020c0", tmp_path)
    base = {"prompt": "three: a red thing", "image_urls": ["red.png"], "quality": "480p"}
    jobs = [
        {**base, "name": "red"},
        {"prompt": "three: a blue thing", "image_urls": ["blue.png"], "name": "blue"},
        {**base, "name": "tall", "aspect_ratio": "9:16", "generate_audio": False},
    ]
    traveller.drop("manifests/three/m.json", {"defaults": {"duration": 4}, "jobs": jobs})
    receipt = traveller.ended("manifests/three/m.json")
    assert [job["state"] for job in receipt["jobs"]] == ["archived"] * 3
    sidecars = {name: traveller.archived(f"videos/three/m/{name}")[1] for name in ("red", "blue")}
    assert sidecars["red"]["video"]["sha256"] != sidecars["blue"]["video"]["sha256"]
    tall = traveller.archived("videos/three/m/tall")[1]["video"]
    assert (tall["width"], tall["height"], tall["has_audio"]) == (496, 864, False)
    assert 3.9 < tall["seconds"] < 4.1
    completed = traveller.events_of("three/m.json", until="Manifest Completed")[-1]["detail"]
    assert completed["ends"] == {"archived": 3, "failed": 0, "unconfirmed": 0}
