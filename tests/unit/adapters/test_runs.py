import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from video_pipeline.adapters.runs import StepFunctionsRuns

ROLE = "arn:aws:iam::123456789012:role/machine"
JOB = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def client(aws: None) -> Any:
    return boto3.client("stepfunctions")


@pytest.fixture
def runs(client: Any) -> StepFunctionsRuns:
    made = client.create_state_machine(
        name="video_job", definition='{"StartAt": "Done"}', roleArn=ROLE
    )
    return StepFunctionsRuns(client, made["stateMachineArn"])


def refusing(client: Any, operation: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise ClientError({"Error": {"Code": code, "Message": code}}, operation)

    monkeypatch.setattr(client, operation, refuse)


def test_a_run_is_named_by_job_and_number_and_begins_at_its_first_turn(
    runs: StepFunctionsRuns, client: Any
) -> None:
    assert runs.start(JOB, 3)
    machine = client.list_state_machines()["stateMachines"][0]["stateMachineArn"]
    (execution,) = client.list_executions(stateMachineArn=machine)["executions"]
    assert execution["name"] == f"{JOB}-3"
    told = client.describe_execution(executionArn=execution["executionArn"])["input"]
    assert json.loads(told) == {"version": 1, "job_id": JOB, "run": 3, "turn": 0}


def test_a_name_is_short_enough_for_step_functions(runs: StepFunctionsRuns, client: Any) -> None:
    assert runs.start(JOB, 10**9)
    assert len(f"{JOB}-{10**9}") <= 80


def test_a_run_that_exists_already_is_success(
    runs: StepFunctionsRuns, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs.start(JOB, 1)

    def refuse(**_: object) -> None:
        answer: Any = {"Error": {"Code": "ExecutionAlreadyExists", "Message": "exists"}}
        raise client.exceptions.ExecutionAlreadyExists(answer, "StartExecution")

    monkeypatch.setattr(client, "start_execution", refuse)
    assert not runs.start(JOB, 1)


def test_a_started_run_is_alive_until_it_ends(runs: StepFunctionsRuns, client: Any) -> None:
    assert not runs.is_alive(JOB, 1)
    runs.start(JOB, 1)
    assert runs.is_alive(JOB, 1)
    machine = client.list_state_machines()["stateMachines"][0]["stateMachineArn"]
    (execution,) = client.list_executions(stateMachineArn=machine)["executions"]
    client.stop_execution(executionArn=execution["executionArn"])
    assert not runs.is_alive(JOB, 1)


@pytest.mark.parametrize("code", ["TaskDoesNotExist", "TaskTimedOut", "InvalidToken"])
def test_a_token_that_is_gone_counts_as_answered(
    code: str, runs: StepFunctionsRuns, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def refuse(**sent: str) -> None:
        asked.append(sent["taskToken"])
        raise ClientError({"Error": {"Code": code, "Message": code}}, "SendTask")

    monkeypatch.setattr(client, "send_task_success", refuse)
    monkeypatch.setattr(client, "send_task_failure", refuse)
    runs.answer("token")
    runs.fail("token", "Error", "because")
    assert asked == ["token", "token"]


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException"])
def test_an_answer_that_was_not_taken_is_an_error(
    code: str, runs: StepFunctionsRuns, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(client, "send_task_success", code, monkeypatch)
    refusing(client, "send_task_failure", code, monkeypatch)
    with pytest.raises(ClientError):
        runs.answer("token")
    with pytest.raises(ClientError):
        runs.fail("token", "Error", "because")
