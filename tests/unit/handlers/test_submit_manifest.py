import json
from typing import Any

import pytest

from tests.support.world import INTAKE, World
from tests.unit.handlers.conftest import DOCUMENTED_VERSION, KEY, MANIFEST, Functions, trigger
from video_pipeline.messages import MessagesFailedError


def dropped(world: World, manifest: object = MANIFEST) -> dict[str, Any]:
    """Lay a manifest into the bucket, and return the message that tells of it."""
    version = world.put(KEY, manifest).version_id
    assert version is not None
    return trigger("submit_manifest", **{DOCUMENTED_VERSION: version})


def test_a_drop_is_promised_started_and_told(world: World, function: Functions) -> None:
    submit_manifest = function("submit_manifest")
    assert submit_manifest(dropped(world)) == {"batchItemFailures": []}
    (started,) = submit_manifest.called("states:StartExecution")
    job_id = json.loads(started["input"])["job_id"]
    assert started["name"] == f"{job_id}-1"
    (told,) = submit_manifest.called("events:PutEvents")
    assert told["Entries"][0]["DetailType"] == "Manifest Accepted"
    assert world.receipt("receipts/spring/früher tee.json.json")["state"] == "accepted"


def test_the_documents_tell_of_one_and_the_same_job(world: World, function: Functions) -> None:
    submit_manifest = function("submit_manifest")
    submit_manifest(dropped(world))
    (started,) = submit_manifest.called("states:StartExecution")
    job_id = json.loads(started["input"])["job_id"]
    assert trigger("archive_video") == {"job_id": job_id}
    assert json.loads(trigger("submit_job")["Records"][0]["body"])["job_id"] == job_id
    assert trigger("receive_callback")["pathParameters"]["job_id"] == job_id
    assert trigger("advance_job")["state"]["job_id"] == job_id
    assert trigger("continue_run")["detail"]["name"] == f"{job_id}-1"


def test_the_named_version_is_taken_even_when_a_newer_one_lies_there(
    world: World, function: Functions
) -> None:
    message = dropped(world)
    world.put(KEY, {"no": "manifest"})
    submit_manifest = function("submit_manifest")
    submit_manifest(message)
    assert len(submit_manifest.called("states:StartExecution")) == 1


def test_an_event_without_a_version_means_the_newest(world: World, function: Functions) -> None:
    world.put(KEY, MANIFEST)
    submit_manifest = function("submit_manifest")
    submit_manifest(trigger("submit_manifest_without_version"))
    assert len(submit_manifest.called("states:StartExecution")) == 1


def test_a_repeated_message_starts_the_same_run_by_its_name(
    world: World, function: Functions
) -> None:
    message = dropped(world)
    submit_manifest = function("submit_manifest")
    submit_manifest(message)
    submit_manifest(message)
    names = {sent["name"] for sent in submit_manifest.called("states:StartExecution")}
    assert len(names) == 1


def test_an_invalid_manifest_is_rejected_and_told(world: World, function: Functions) -> None:
    submit_manifest = function("submit_manifest")
    message = dropped(world, {**MANIFEST, "duration": 99})
    assert submit_manifest(message) == {"batchItemFailures": []}
    (told,) = submit_manifest.called("events:PutEvents")
    assert told["Entries"][0]["DetailType"] == "Manifest Rejected"
    assert submit_manifest.called("states:StartExecution") == []
    receipt = world.receipt("receipts/spring/früher tee.json.json")
    assert [error["path"] for error in receipt["errors"]] == ["$.duration"]


def test_media_beside_manifests_are_ignored(world: World, function: Functions) -> None:
    world.s3.put_object(Bucket=INTAKE, Key="manifests/spring/bottle.png", Body=b"png")
    submit_manifest = function("submit_manifest")
    changes = {KEY: "manifests/spring/bottle.png"}
    message = trigger("submit_manifest_without_version", **changes)
    assert submit_manifest(message) == {"batchItemFailures": []}
    assert submit_manifest.calls == []


def test_a_bad_message_does_not_hold_a_good_one_up(world: World, function: Functions) -> None:
    good = dropped(world)["Records"][0]
    bad = {**good, "messageId": "bad", "body": '{"detail": {}}'}
    submit_manifest = function("submit_manifest")
    answer = submit_manifest({"Records": [bad, good]})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert len(submit_manifest.called("states:StartExecution")) == 1


def test_a_bad_message_alone_is_an_error_that_the_log_shows(
    world: World, function: Functions
) -> None:
    good = dropped(world)["Records"][0]
    submit_manifest = function("submit_manifest")
    with pytest.raises(MessagesFailedError):
        submit_manifest({"Records": [{**good, "body": '{"detail": {}}'}]})
    assert "KeyError" in submit_manifest.log


def test_what_there_is_no_time_for_goes_back_to_the_queue_and_on_from_there(
    world: World, function: Functions
) -> None:
    submit_manifest = function("submit_manifest")
    submit_manifest.context.milliseconds_left = 30_000
    waiting = [dropped(world, {"jobs": [MANIFEST | {"name": f"n{n}"} for n in range(1_001)]})]
    phases: list[str] = []
    while waiting:
        assert submit_manifest(waiting.pop()) == {"batchItemFailures": []}
        for sent in submit_manifest.called("sqs:SendMessage")[len(phases) :]:
            phases.append(json.loads(sent["MessageBody"])["phase"])
            waiting.append(carrying(sent["MessageBody"]))
    assert phases == ["validate", "register"]
    assert len(submit_manifest.called("states:StartExecution")) == 1_001
    assert len(world.receipt("receipts/spring/früher tee.json.json")["jobs"]) == 1_001


def test_a_message_that_names_a_slice_goes_on_with_it(world: World, function: Functions) -> None:
    version = world.put(KEY, MANIFEST).version_id or ""
    submit_manifest = function("submit_manifest")
    submit_manifest(trigger("submit_manifest_slice", **{DOCUMENTED_VERSION: version}))
    assert len(submit_manifest.called("states:StartExecution")) == 1
    assert world.receipt("receipts/spring/früher tee.json.json")["state"] == "accepted"


def carrying(body: str) -> dict[str, Any]:
    event = trigger("submit_manifest")
    event["Records"][0]["body"] = body
    return event
