import json

import pytest

from tests.support.world import CALLBACK_KEY, World
from tests.unit.handlers.conftest import PROMPT, TOKEN, Functions, trigger
from tests.unit.handlers.deployment import Deployment
from video_pipeline.domain.capability import grant
from video_pipeline.domain.job import Job, JobState
from video_pipeline.messages import MessagesFailedError


def test_an_order_is_paid_noted_and_answered(world: World, job: Job, function: Functions) -> None:
    submit_job = function("submit_job")
    assert submit_job(trigger("submit_job")) == {"batchItemFailures": []}
    assert world.job(job).state is JobState.SUBMITTED
    assert [sent["taskToken"] for sent in submit_job.called("states:SendTaskSuccess")] == [TOKEN]
    (body,) = world.provider.bodies
    assert body["prompt"] == PROMPT
    assert body["callback_url"] == "https://callbacks.test" + grant(CALLBACK_KEY, job.id, 1).path


def test_a_reference_beside_the_manifest_is_sent_as_a_signed_link(
    world: World, job: Job, function: Functions
) -> None:
    submit_job = function("submit_job")
    submit_job(trigger("submit_job"))
    (body,) = world.provider.bodies
    links = body["image_urls"]
    assert isinstance(links, list)
    assert "/manifests/spring/bottle.png?X-Amz-Algorithm=AWS4-HMAC-SHA256" in links[0]
    assert len(submit_job.called("sts:AssumeRole")) == 1


def test_a_reference_that_is_not_there_is_waited_for(
    world: World, job: Job, function: Functions
) -> None:
    world.s3.delete_object(Bucket="intake-bucket", Key="manifests/spring/bottle.png")
    function("submit_job")(trigger("submit_job"))
    waiting = world.job(job)
    assert (waiting.state, waiting.waiting_since is None) == (JobState.ACCEPTED, False)
    assert world.provider.bodies == []


def test_a_reference_that_is_not_what_it_should_be_ends_the_job_unpaid(
    world: World, job: Job, function: Functions
) -> None:
    world.s3.put_object(Bucket="intake-bucket", Key="manifests/spring/bottle.png", Body=b"words")
    function("submit_job")(trigger("submit_job"))
    assert world.job(job).reason == "invalid_media"
    assert world.provider.bodies == []


def test_the_same_order_again_pays_nothing_and_is_answered(
    world: World, job: Job, function: Functions
) -> None:
    submit_job = function("submit_job")
    for _ in range(2):
        submit_job(trigger("submit_job"))
    assert len(world.provider.bodies) == 1
    assert len(submit_job.called("states:SendTaskSuccess")) == 2


def test_a_worker_with_too_little_time_leaves_the_order_in_the_queue(
    world: World, job: Job, function: Functions
) -> None:
    submit_job = function("submit_job")
    submit_job.context.milliseconds_left = 30_000
    with pytest.raises(MessagesFailedError):
        submit_job(trigger("submit_job"))
    assert world.provider.bodies == []
    assert submit_job.called("states:SendTaskSuccess") == []


def test_a_bad_order_does_not_hold_a_good_one_up(
    world: World, job: Job, function: Functions
) -> None:
    event = trigger("submit_job")
    (good,) = event["Records"]
    bad = {**good, "messageId": "bad", "body": json.dumps({"job_id": job.id})}
    answer = function("submit_job")({"Records": [bad, good]})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    assert world.job(job).state is JobState.SUBMITTED


def test_an_order_for_a_job_that_nobody_remembers_is_dropped(
    world: World, function: Functions
) -> None:
    submit_job = function("submit_job")
    assert submit_job(trigger("submit_job")) == {"batchItemFailures": []}
    assert world.provider.bodies == []
    assert len(submit_job.called("states:SendTaskSuccess")) == 1


@pytest.mark.parametrize("function_name", ["submit_manifest", "submit_job"])
def test_a_broken_price_list_spends_nothing_and_is_named(
    world: World, job: Job, function: Functions, deployment: Deployment, function_name: str
) -> None:
    deployment.names["PriceList"] = '{"dated": "2027-01-01"}'
    broken = function(function_name)
    with pytest.raises(MessagesFailedError):
        broken(trigger(function_name))
    assert world.provider.bodies == []
    assert world.job(job).state is JobState.ACCEPTED
    assert "The price list is wrong: it must be an object with dated" in broken.log


def test_a_price_list_of_the_deployment_makes_the_estimate(
    world: World, job: Job, function: Functions, deployment: Deployment
) -> None:
    factors = '{"480p": "1", "720p": "2"}'
    deployment.names["PriceList"] = (
        '{"dated": "2027-01-01", "rate": "10000", "minimum": "1", "relaxed_filter": "1.1", '
        f'"without_video": {factors}, "with_video": {factors}}}'
    )
    function("submit_job")(trigger("submit_job"))
    assert world.job(job).estimate == 5 * 2 * 10_000
