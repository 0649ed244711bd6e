"""What a warm function asks of AWS: each call costs about a third of a millisecond of CPU."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.support.world import FakeFetched, World
from tests.unit.handlers.conftest import Function, Functions, every_client, trigger
from video_pipeline.domain.capability import grant
from video_pipeline.domain.job import Job, JobState

LINK = "https://pictures.test/bottle.png"


def ordered(world: World, name: str) -> Job:
    """A job of its own drop, accepted, whose one reference is public."""
    manifest = {"name": name, "prompt": f"The bottle {name} in image 1", "image_urls": [LINK]}
    drop = world.drop(f"manifests/{name}.json", manifest)
    (job,) = world.drops.jobs_of(drop.id)
    return job


def order(job: Job) -> dict[str, Any]:
    event = trigger("submit_job")
    event["Records"][0]["body"] = f'{{"job_id": "{job.id}", "attempt": 1, "token": "t"}}'
    return event


def counted(function: Function, event: dict[str, Any]) -> list[str]:
    """Call a function and return the operations that it asked for, in order."""
    asked: list[str] = []
    for client in every_client():
        client.meta.events.register(
            "before-call.*.*", lambda model, **_: asked.append(model.name), unique_id="counted"
        )
    function(event)
    for client in every_client():
        client.meta.events.unregister("before-call.*.*", unique_id="counted")
    return asked


@pytest.fixture
def _picture(world: World) -> None:
    body = BytesIO()
    Image.new("RGB", (640, 360), "teal").save(body, "PNG")
    world.fetcher.answers[LINK] = FakeFetched(body.getvalue())


@pytest.mark.usefixtures("_picture")
def test_a_warm_order_is_four_calls(world: World, function: Functions) -> None:
    first, second = ordered(world, "first"), ordered(world, "second")
    submit_job = function("submit_job")
    submit_job(order(first))
    asked = counted(submit_job, order(second))
    assert world.job(second).state is JobState.SUBMITTED
    assert asked == ["BatchGetItem", "TransactWriteItems", "TransactWriteItems", "SendTaskSuccess"]


def test_a_warm_ring_is_two_calls(world: World, job: Job, function: Functions) -> None:
    receive_callback = function("receive_callback")
    receive_callback(trigger("receive_callback"))
    asked = counted(receive_callback, trigger("receive_callback"))
    assert world.job(job).rings == 2
    assert asked == ["UpdateItem", "StartExecution"]  # or SendTaskSuccess, when the run waits


def test_a_ring_without_capability_asks_for_nothing(
    world: World, job: Job, function: Functions
) -> None:
    receive_callback = function("receive_callback")
    receive_callback(trigger("receive_callback"))
    event = trigger("receive_callback")
    event["pathParameters"]["proof"] = grant("another key", job.id, 1).proof
    assert counted(receive_callback, event) == []
