"""The way of one video, from drop to told, with everything that is not ours obeying the test."""

import hashlib
import json

from tests.support.world import ARCHIVE, CALLBACK_KEY, ONE_REQUEST, VIDEO, World
from video_pipeline.domain.capability import grant
from video_pipeline.domain.drop import DropState
from video_pipeline.domain.job import JobState
from video_pipeline.domain.next_step import Await, Done
from video_pipeline.use_cases.advance_job import Answer, Turn


def test_a_drop_becomes_an_archived_video_and_its_events(world: World) -> None:
    job = world.one_job(name="tea", metadata={"campaign": "spring"})
    assert world.spin(job) == Await(rings=0)
    world.provider.finish()
    assert world.receive_callback(grant(CALLBACK_KEY, job.id, 1), '{"id": "task-unified-1"}')
    assert world.spin(job) == Done()

    assert world.told() == ["Video Submitted", "Video Archived", "Manifest Completed"]
    assert [event.type for event in world.bus.events] == ["Manifest Accepted"]
    video = world.s3.get_object(Bucket=ARCHIVE, Key="videos/a/m/tea/video.mp4")["Body"].read()
    assert video == VIDEO
    sidecar = json.loads(
        world.s3.get_object(Bucket=ARCHIVE, Key="videos/a/m/tea/result.json")["Body"].read()
    )
    assert sidecar["video"]["sha256"] == hashlib.sha256(VIDEO).hexdigest()
    assert sidecar["provider"]["task_id"] == "task-unified-1"
    assert sidecar["metadata"] == {"campaign": "spring"}
    told = sidecar["credits"]
    assert (told["reserved"], told["charged"], told["told_by"]) == (13.5, 13.0, "provider")


def test_the_receipt_tells_the_end(world: World) -> None:
    job = world.one_job(name="tea")
    world.spin(job)
    world.provider.finish()
    world.clock.advance(seconds=61)
    world.spin(job)
    receipt = world.receipt()
    assert receipt["state"] == "completed"
    assert receipt["errors"] == []
    (shown,) = receipt["jobs"]
    assert (shown["state"], shown["charged"], shown["credits"]) == ("archived", "yes", 13.0)
    assert shown["key"] == "videos/a/m/tea/video.mp4"
    assert world.receipt(f"receipts/a/m.json/{receipt['drop_id']}.json") == receipt


def test_the_paid_call_says_everything_and_names_our_callback(world: World) -> None:
    job = world.one_job(image_urls=["bottle.png"], generate_audio=False)
    world.spin(job)
    (body,) = world.provider.bodies
    assert body == {
        "model": "seedance-2.0-mini-reference-to-video",
        "prompt": ONE_REQUEST["prompt"],
        "image_urls": ["https://signed.test/intake-bucket/manifests/a/bottle.png"],
        "duration": 5,
        "quality": "720p",
        "aspect_ratio": "16:9",
        "generate_audio": False,
        "content_filter": True,
        "callback_url": "https://callbacks.test" + grant(CALLBACK_KEY, job.id, 1).path,
    }


def test_credits_are_reserved_before_and_settled_after(world: World) -> None:
    job = world.one_job()
    world.spin(job)
    assert world.credits_of() == (135_000, 0)
    world.provider.finish(charged=130_000)
    world.spin(job)
    assert world.credits_of() == (0, 130_000)


def test_a_lost_callback_is_made_up_by_the_poll(world: World) -> None:
    job = world.one_job()
    world.spin(job)
    world.provider.finish()
    assert world.spin(job) == Done()  # as when AwaitCompletion ran into its time limit
    assert world.job(job).state is JobState.ARCHIVED


def test_a_refused_video_is_told_with_reason_and_charge(world: World) -> None:
    job = world.one_job(name="tea")
    world.spin(job)
    world.provider.fail("content_policy_violation")
    world.spin(job)
    assert world.told() == ["Video Submitted", "Video Failed", "Manifest Completed"]
    detail = json.loads(world.published[1]["Detail"])
    assert (detail["reason"], detail["charged"], detail["credits"]) == ("moderation", "no", 0)
    assert "the provider's own words" in detail["message"]
    assert world.credits_of() == (0, 0)


def test_a_retryable_failure_buys_the_next_attempt_once(world: World) -> None:
    job = world.one_job()
    world.spin(job)
    world.provider.fail("service_error")
    world.spin(job)
    world.clock.advance(seconds=61)
    world.spin(job)
    assert world.job(job).attempt == 2
    assert world.provider.keys == [f"{job.id}-0001", f"{job.id}-0002"]
    assert world.credits_of() == (135_000, 0)


def test_events_of_a_job_have_no_gap(world: World) -> None:
    job = world.one_job()
    world.spin(job)
    world.provider.finish()
    world.spin(job)
    details = [json.loads(entry["Detail"]) for entry in world.published]
    assert [detail["sequence"] for detail in details if "job" in detail] == [1, 2]


def test_a_manifest_completes_when_its_last_job_ends(world: World) -> None:
    jobs = [{**ONE_REQUEST, "name": "one"}, {**ONE_REQUEST, "name": "two"}]
    drop = world.drop("manifests/a/m.json", {"jobs": jobs})
    one, two = world.drops.jobs_of(drop.id)
    for job in (one, two):
        world.spin(job)
    world.provider.finish("task-unified-1")
    world.clock.advance(seconds=6)
    world.spin(one)
    assert "Manifest Completed" not in world.told()
    world.provider.fail("content_policy_violation", "task-unified-2")
    world.clock.advance(seconds=6)
    world.spin(two)
    assert world.told().count("Manifest Completed") == 1
    completed = json.loads(world.published[-1]["Detail"])
    assert completed["ends"] == {"archived": 1, "failed": 1, "unconfirmed": 0}
    closed = world.drops.drop(drop.id)
    assert closed is not None
    assert (closed.state, closed.told) == (DropState.COMPLETED, True)


def test_many_drops_of_one_job_are_told_in_portions_that_the_bus_takes(world: World) -> None:
    job = world.one_job()
    for _ in range(12):
        world.drop("manifests/a/m.json", ONE_REQUEST)
    world.spin(job)
    world.provider.finish()
    portions: list[int] = []
    advance = world.advance_job

    def noted(turn: Turn) -> Answer:
        answer = advance(turn)
        portions.append(len(answer.events))
        return answer

    world.advance_job = noted  # type: ignore[assignment] # watched on its way
    world.clock.advance(minutes=1)
    assert world.spin(job) == Done()
    assert world.told().count("Manifest Completed") == 13
    assert max(portions) == 10
