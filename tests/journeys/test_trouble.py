"""What goes wrong on the way, on the real stack."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.traveller import Traveller, http, wait_for

pytestmark = pytest.mark.stack


def request(prompt: str, **more: Any) -> dict[str, Any]:
    return {
        "name": "v",
        "prompt": prompt,
        "image_urls": ["s3://{intake}/manifests/trouble/tea.png"],
        "quality": "480p",
        "duration": 4,
        **more,
    }


@pytest.fixture(autouse=True)
def picture(traveller: Traveller, tmp_path: Path) -> None:
    traveller.lay_picture("manifests/trouble/tea.png", "#80a040", tmp_path)


def drop(traveller: Traveller, key: str, prompt: str) -> str:
    text = json.dumps(request(prompt)).replace("{intake}", traveller.stack.intake_bucket)
    return traveller.drop(key, text)


def event_ids(events: list[dict[str, Any]], kind: str) -> set[str]:
    return {event["detail"]["event_id"] for event in events if event["detail-type"] == kind}


def test_an_invalid_manifest_is_told_and_holds_nobody_up(traveller: Traveller) -> None:
    traveller.drop("manifests/trouble/bad.json", {"prompt": "x", "duration": 99, "qualty": "720p"})
    drop(traveller, "manifests/trouble/good.json", "beside an invalid one")
    receipt = traveller.ended("manifests/trouble/bad.json")
    assert receipt["state"] == "rejected"
    assert {error["path"] for error in receipt["errors"]} >= {"$.duration", "$.qualty"}
    assert all(error["fix"] for error in receipt["errors"])
    assert traveller.events_of("trouble/bad.json", until="Manifest Rejected")
    assert traveller.ended("manifests/trouble/good.json")["jobs"][0]["state"] == "archived"


def test_a_failed_task_is_told_with_its_reason_and_charge(traveller: Traveller) -> None:
    traveller.arm(
        on="task", kind="fail", code="content_policy_violation", match={"prompt": "forbidden"}
    )
    drop(traveller, "manifests/trouble/failed.json", "a forbidden thing")
    (job,) = traveller.ended("manifests/trouble/failed.json")["jobs"]
    assert (job["state"], job["reason"], job["charged"]) == ("failed", "moderation", "no")
    assert job["next_step"]
    events = traveller.events_of("trouble/failed.json", until="Video Failed")
    failed = next(event for event in events if event["detail-type"] == "Video Failed")
    assert (failed["detail"]["reason"], failed["detail"]["charged"]) == ("moderation", "no")


def test_a_lost_callback_loses_nothing(traveller: Traveller) -> None:
    traveller.arm(on="callback", kind="lost", match={"prompt": "unheard"}, times=4)
    drop(traveller, "manifests/trouble/lost.json", "an unheard thing")
    (job,) = traveller.ended("manifests/trouble/lost.json")["jobs"]
    assert job["state"] == "archived"
    assert traveller.job(job["id"])["rings"] == "0"


def test_doubled_drops_and_callbacks_change_nothing(traveller: Traveller) -> None:
    key, prompt = "manifests/trouble/twice.json", "told twice"
    version = drop(traveller, key, prompt)
    again = {
        "detail": {
            "bucket": {"name": traveller.stack.intake_bucket},
            "object": {"key": key, "version-id": version},
        }
    }
    queue = traveller.output("ManifestsQueueUrl")
    for _ in range(2):
        traveller.sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(again))
    (job,) = traveller.ended(key)["jobs"]
    (task,) = traveller.tasks(prompt)
    first, *_ = wait_for(lambda: traveller.callbacks(task["id"]), "a callback")
    for _ in range(2):
        assert http("POST", first["url"], {"id": task["id"], "status": "completed"})[0] == 200
    wait_for(lambda: "open_run" not in traveller.job(job["id"]), "the end of the extra run")
    assert len(traveller.tasks(prompt)) == 1
    assert traveller.versions("videos/trouble/twice/v/video.mp4") == 1
    events = traveller.events_of("trouble/twice.json", until="Manifest Completed")
    assert event_ids(events, "Video Archived") == {f"{job['id']}-0002"}


def test_the_same_drop_again_buys_nothing(traveller: Traveller) -> None:
    key, prompt = "manifests/trouble/same.json", "dropped again"
    drop(traveller, key, prompt)
    traveller.ended(key)
    version = drop(traveller, key, prompt)
    receipt = traveller.ended(key, version=version)
    assert receipt["jobs"][0]["bought_by_this_drop"] is False
    assert len(traveller.tasks(prompt)) == 1


def test_a_wrong_capability_is_refused_and_nothing_moves(traveller: Traveller) -> None:
    key = "manifests/trouble/forged.json"
    drop(traveller, key, "forged")
    job_id = traveller.job_of(key)
    before = traveller.job(job_id)["rings"]
    base = traveller.stack.callback_base_url
    for path in (f"/callbacks/{job_id}/1/00000000/forged", f"/callbacks/{job_id}/x/y/z"):
        assert http("POST", base + path, {"id": "task-unified-1"})[0] == 404
    assert traveller.job(job_id)["rings"] == before
    traveller.ended(key)


def test_a_function_killed_while_it_archives_is_made_up_for(traveller: Traveller) -> None:
    key = "manifests/trouble/killed.json"
    traveller.arm(on="result", kind="slow", seconds=20, match={"prompt": "killed while"})
    drop(traveller, key, "killed while archiving")
    job_id = traveller.job_of(key)
    wait_for(lambda: int(traveller.job(job_id).get("archive_tries", 0)) > 0, "an archive try")
    assert wait_for(lambda: traveller.kill("ArchiveVideo"), "a process to kill")
    assert traveller.ended(key)["jobs"][0]["state"] == "archived"
    assert traveller.versions("videos/trouble/killed/v/video.mp4") == 1


def test_a_worker_killed_during_the_paid_call_never_pays_twice(traveller: Traveller) -> None:
    """The answer dies with the worker; the callback names the task, and a read proves it."""
    key, prompt = "manifests/trouble/widow.json", "killed while paying"
    traveller.arm(on="create", kind="slow", seconds=4, match={"prompt": prompt})
    drop(traveller, key, prompt)
    job_id = traveller.job_of(key)
    traveller.until_state(job_id, "submitting")
    wait_for(lambda: traveller.tasks(prompt), "the task in the provider's books")
    assert traveller.kill("SubmitJob")
    wait_for(lambda: traveller.job(job_id)["state"] == "archived", "the recovery")
    assert len(traveller.tasks(prompt)) == 1
    assert traveller.ended(key)["jobs"][0]["state"] == "archived"
