"""What a person takes up again by command, on the real stack."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.terminal import run
from tests.journeys.traveller import Traveller, wait_for

pytestmark = pytest.mark.stack

FOLDER = "manifests/recovery"


@pytest.fixture(autouse=True)
def picture(traveller: Traveller, tmp_path: Path) -> None:
    traveller.lay_picture(f"{FOLDER}/tea.png", "#408080", tmp_path)


def drop(traveller: Traveller, key: str, prompt: str) -> str:
    picture = f"s3://{traveller.stack.intake_bucket}/{FOLDER}/tea.png"
    request = {"name": "v", "prompt": prompt, "image_urls": [picture]}
    return traveller.drop(key, {**request, "quality": "480p", "duration": 4})


def archived_of(traveller: Traveller, key: str) -> dict[str, Any]:
    """Wait for a receipt that says archived; an earlier one told another end."""

    def archived() -> dict[str, Any] | None:
        receipt = traveller.receipt(key)
        jobs = receipt["jobs"] if receipt is not None else []
        return receipt if [job["state"] for job in jobs] == ["archived"] else None

    return wait_for(archived, f"the video of {key}")


def test_a_redrive_gives_a_failed_job_its_next_attempt(traveller: Traveller) -> None:
    key, prompt = f"{FOLDER}/moderated.json", "refused at first"
    code = "content_policy_violation"
    traveller.arm(on="task", kind="fail", code=code, match={"prompt": prompt})
    drop(traveller, key, prompt)
    (job,) = traveller.ended(key)["jobs"]
    assert (job["state"], job["reason"]) == ("failed", "moderation")

    exit_code, told = run(traveller, "redrive", key)
    assert (exit_code, told["jobs"][0]["refusal"]) == (0, None)
    archived_of(traveller, key)
    charged = [task["credits_charged"] for task in traveller.tasks(prompt)]
    assert [amount > 0 for amount in sorted(charged)] == [False, True]
    exit_code, told = run(traveller, "redrive", job["id"])
    assert exit_code == 1
    assert told["jobs"][0]["refusal"]


def test_what_may_be_paid_is_redriven_only_when_it_is_forced_by_name(traveller: Traveller) -> None:
    key, prompt = f"{FOLDER}/unheard.json", "neither answered nor called back"
    traveller.arm(on="create", kind="lost_answer", match={"prompt": prompt})
    traveller.arm(on="callback", kind="lost", times=8, match={"prompt": prompt})
    drop(traveller, key, prompt)
    job_id = traveller.job_of(key)
    traveller.until_state(job_id, "unconfirmed")
    traveller.ended(key)

    exit_code, told = run(traveller, "redrive", job_id)
    assert exit_code == 1
    assert "--force" in told["jobs"][0]["refusal"]
    assert len(traveller.tasks(prompt)) == 1

    exit_code, told = run(traveller, "redrive", job_id, "--force", job_id)
    assert exit_code == 0, told
    archived_of(traveller, key)
    assert len(traveller.tasks(prompt)) == 2


def test_a_manifest_that_its_queue_gave_up_is_told_and_taken_in_again(
    traveller: Traveller,
) -> None:
    """The end of the queue's patience is played by hand: its message goes to the dead letters."""
    key, prompt = f"{FOLDER}/given-up.json", "given up by the queue"
    with traveller.no_intake():
        version = drop(traveller, key, prompt)
    bucket = {"name": traveller.stack.intake_bucket}
    message = {"detail": {"bucket": bucket, "object": {"key": key, "version-id": version}}}
    queue = traveller.output("DeadManifestsQueueUrl")
    traveller.sqs.send_message(QueueUrl=queue, MessageBody=json.dumps(message))
    receipt = traveller.ended(key)
    assert [error["code"] for error in receipt["errors"]] == ["undeliverable"]
    assert traveller.tasks(prompt) == []

    assert refusals(traveller)[key] is None
    archived_of(traveller, key)
    assert len(traveller.tasks(prompt)) == 1
    assert key not in refusals(traveller)


def refusals(traveller: Traveller) -> dict[str, str | None]:
    """Redrive all dead letters, other tests' too; return by name why one was left."""
    _, told = run(traveller, "redrive", "--dead-letters")
    return {letter["name"]: letter["refusal"] for letter in told["dead_letters"]}


def test_reconcile_tells_of_a_video_that_somebody_deleted(traveller: Traveller) -> None:
    key = f"{FOLDER}/deleted.json"
    drop(traveller, key, "deleted by somebody")
    (job,) = traveller.ended(key)["jobs"]
    bucket, video = traveller.stack.archive_bucket, "videos/recovery/deleted/v/video.mp4"
    marker = traveller.s3.delete_object(Bucket=bucket, Key=video)["VersionId"]
    exit_code, told = run(traveller, "reconcile")
    traveller.s3.delete_object(Bucket=bucket, Key=video, VersionId=marker)
    lost = [each for each in told["discrepancies"] if each["kind"] == "lost_object"]
    assert exit_code == 1
    assert [each["job_id"] for each in lost] == [job["id"]]
