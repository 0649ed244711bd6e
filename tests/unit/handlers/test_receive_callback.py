import base64
import json

import pytest

from tests.support.world import World
from tests.unit.handlers.conftest import PROOF, Functions, trigger
from video_pipeline.domain.job import Job

DOCUMENTS = ("receive_callback", "receive_callback_base64")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_ring_is_noted_with_the_task_that_it_names(
    document: str, world: World, job: Job, function: Functions
) -> None:
    answer = function("receive_callback")(trigger(document))
    assert answer["statusCode"] == 200
    assert isinstance(answer["body"], str)  # some gateways break on an answer without one
    assert world.job(job).rings == 1
    assert world.ledger.claims(job.id, 1) == ("task-unified-1",)


def test_the_claim_is_kept_in_the_write_that_counts_the_ring(
    world: World, job: Job, function: Functions
) -> None:
    receive_callback = function("receive_callback")
    receive_callback(trigger("receive_callback"))
    (write,) = receive_callback.called("dynamodb:UpdateItem")
    assert write["UpdateExpression"] == "ADD rings :one, #claims :task"


def test_a_run_that_waits_is_woken(world: World, job: Job, function: Functions) -> None:
    world.dynamodb.update_item(
        TableName="ledger",
        Key={"pk": {"S": f"JOB#{job.id}"}, "sk": {"S": "JOB"}},
        UpdateExpression="SET #token = :token, token_run = :run",
        ExpressionAttributeNames={"#token": "token"},
        ExpressionAttributeValues={":token": {"S": "a waiting run"}, ":run": {"N": "1"}},
    )
    receive_callback = function("receive_callback")
    receive_callback(trigger("receive_callback"))
    (woken,) = receive_callback.called("states:SendTaskSuccess")
    assert woken["taskToken"] == "a waiting run"


@pytest.mark.parametrize(
    ("part", "wrong"),
    [("proof", PROOF[:-1] + "A"), ("proof", ""), ("attempt", "2"), ("attempt", "one")],
)
def test_without_the_capability_there_is_no_such_path_and_nothing_moves(
    part: str, wrong: str, world: World, job: Job, function: Functions
) -> None:
    event = trigger("receive_callback")
    right = event["pathParameters"][part]
    event["pathParameters"][part] = wrong
    head, _, tail = event["rawPath"].rpartition(f"/{right}")
    event["rawPath"] = event["requestContext"]["http"]["path"] = f"{head}/{wrong}{tail}"
    receive_callback = function("receive_callback")
    assert receive_callback(event)["statusCode"] == 404
    assert world.job(job).rings == 0
    assert {call.action for call in receive_callback.calls} <= {"secretsmanager:GetSecretValue"}


@pytest.mark.parametrize("body", ["", "no JSON", "[]", '{"id": 7}', '{"id": "../../task"}', None])
def test_a_body_that_names_no_task_is_a_ring_all_the_same(
    body: str | None, world: World, job: Job, function: Functions
) -> None:
    event = trigger("receive_callback")
    event["body"] = body
    assert function("receive_callback")(event)["statusCode"] == 200
    assert world.job(job).rings == 1
    assert world.ledger.claims(job.id, 1) == ()


def test_a_body_that_is_no_text_is_a_ring_all_the_same(
    world: World, job: Job, function: Functions
) -> None:
    event = trigger("receive_callback_base64")
    event["body"] = base64.b64encode(b"\xff\xfe\x00").decode()
    assert function("receive_callback")(event)["statusCode"] == 200
    assert world.job(job).rings == 1


def test_a_line_of_the_log_names_job_and_request(
    world: World, job: Job, function: Functions
) -> None:
    receive_callback = function("receive_callback")
    receive_callback(trigger("receive_callback"))
    (line,) = (json.loads(line) for line in receive_callback.log.splitlines() if '"ring"' in line)
    assert line["job_id"] == job.id
    assert line["function_request_id"] == receive_callback.context.aws_request_id


def test_a_ring_for_a_job_that_nobody_remembers_is_answered(
    world: World, function: Functions
) -> None:
    assert function("receive_callback")(trigger("receive_callback"))["statusCode"] == 200


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_only_a_post_is_a_ring(method: str, world: World, job: Job, function: Functions) -> None:
    event = trigger("receive_callback")
    event["requestContext"]["http"]["method"] = method
    assert function("receive_callback")(event)["statusCode"] == 404
    assert world.job(job).rings == 0
