"""A drop that no invocation has time for, on the real stack: it goes on through its own queue."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local_stack.deploy import STACK_NAME
from tests.journeys.traveller import Traveller
from video_pipeline.domain.identity import drop_id

pytestmark = pytest.mark.stack

HALF_A_SLICE = 600_000
LONG_AGO = "2026-01-01T00:00:00Z"


@pytest.fixture
def hurried(traveller: Traveller) -> Iterator[None]:
    """Give submit_manifest less time than it wants to have left for one more slice."""
    functions = traveller.stack.clients().functions()
    found = traveller.cloudformation.describe_stack_resource(
        StackName=STACK_NAME, LogicalResourceId="SubmitManifestFunction"
    )
    name = found["StackResourceDetail"]["PhysicalResourceId"]
    usual = functions.get_function_configuration(FunctionName=name)["Timeout"]
    functions.update_function_configuration(FunctionName=name, Timeout=60)
    yield
    functions.update_function_configuration(FunctionName=name, Timeout=usual)


def lines(*jobs: dict[str, Any]) -> str:
    """Return JSON Lines of which two make a slice; nobody pays for jobs whose deadline is over."""
    sound = {"prompt": "tea", "image_urls": ["https://example.com/a.png"], "deadline": LONG_AGO}
    return "\n".join(json.dumps({**sound, **job}).ljust(HALF_A_SLICE) for job in jobs)


def kept(traveller: Traveller, key: str, version: str, kind: str) -> list[dict[str, Any]]:
    """Return what the ledger holds of a drop's slices."""
    drop = drop_id(traveller.stack.intake_bucket, key, version)
    found = traveller.dynamodb.query(
        TableName=traveller.stack.table_name,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :kind)",
        ExpressionAttributeValues={":pk": {"S": f"DROP#{drop}"}, ":kind": {"S": kind}},
    )
    return found["Items"]


@pytest.mark.usefixtures("hurried")
def test_every_slice_is_validated_then_every_slice_is_registered(traveller: Traveller) -> None:
    key = "manifests/large/five.jsonl"
    version = traveller.drop(key, lines(*({"name": f"v{number}"} for number in range(5))))
    receipt = traveller.ended(key, version=version)
    assert receipt["total"] == 5
    assert [job["name"] for job in receipt["jobs"]] == ["v0", "v1", "v2", "v3", "v4"]
    assert {job["reason"] for job in receipt["jobs"]} == {"deadline"}
    assert len(kept(traveller, key, version, "VALIDATED#")) == 2  # the last slice needs no note
    assert len(kept(traveller, key, version, "ROSTER#")) == 3
    told = traveller.events_of("large/five.jsonl", until="Manifest Completed")
    accepted = [event for event in told if event["detail-type"] == "Manifest Accepted"]
    assert {event["detail"]["event_id"] for event in accepted} == {f"{receipt['drop_id']}-accepted"}


@pytest.mark.usefixtures("hurried")
def test_an_error_in_the_last_slice_starts_nothing(traveller: Traveller) -> None:
    key = "manifests/large/wrong.jsonl"
    version = traveller.drop(key, lines({"duration": 99}, {}, {}, {}, {"quality": "9p"}))
    receipt = traveller.ended(key, version=version)
    assert receipt["state"] == "rejected"
    paths = [error["path"] for error in receipt["errors"]]
    assert paths == ["line 1: $.duration", "line 5: $.quality"]
    assert receipt["jobs"] == []
    assert kept(traveller, key, version, "ROSTER#") == []
