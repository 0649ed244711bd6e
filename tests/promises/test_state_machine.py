"""The wheel's graph, because the local engine takes a broken one without a word."""

import importlib.util
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.promises.deployed import Deployed
from tests.promises.test_roles import rights_of
from tests.support.template import ROOT, load_template

FILE = ROOT / "statemachines" / "video_job.asl.json"
HUB = "AdvanceJob"
SPOKES = {
    "submit": "SubmitJob",
    "await": "AwaitCompletion",
    "later": "Later",
    "archive": "ArchiveVideo",
    "publish": "PublishEvents",
    "done": "Done",
}
MACHINE = load_template()["Resources"]["VideoJob"]["Properties"]


def definition() -> dict[str, Any]:
    """Read the definition as AWS gets it, with numbers and names filled in."""
    text = re.sub(r"\$\{PollSeconds\}", "60", FILE.read_text("utf-8"))
    content: dict[str, Any] = json.loads(text)
    return content


STATES: dict[str, dict[str, Any]] = definition()["States"]
TASKS = {name: state for name, state in STATES.items() if state["Type"] == "Task"}


def ways_out(state: dict[str, Any]) -> Iterator[str]:
    if "Next" in state:
        yield state["Next"]
    for branch in (*state.get("Choices", ()), *state.get("Catch", ())):
        yield branch["Next"]
    if "Default" in state:
        yield state["Default"]


def reachable(start: str) -> set[str]:
    found: set[str] = set()
    ahead = [start]
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += ways_out(STATES[name])
    return found


def retried(name: str) -> set[str]:
    return {error for retry in STATES[name]["Retry"] for error in retry["ErrorEquals"]}


def test_the_wheel_starts_at_the_hub() -> None:
    assert definition()["StartAt"] == HUB


def test_no_run_as_a_whole_is_limited_because_a_job_may_wait_for_days() -> None:
    assert "TimeoutSeconds" not in definition()


def test_every_state_is_reached() -> None:
    assert reachable(HUB) == set(STATES)


@pytest.mark.parametrize("name", STATES)
def test_every_state_can_reach_the_end(name: str) -> None:
    assert "Done" in reachable(name)


def test_there_is_one_exit() -> None:
    ends = {name for name, state in STATES.items() if state["Type"] in {"Succeed", "Fail"}}
    assert ends == {"Done"}
    assert not any(state.get("End") for state in STATES.values())


@pytest.mark.parametrize("name", TASKS)
def test_every_task_has_a_time_limit(name: str) -> None:
    assert TASKS[name]["TimeoutSeconds"] > 0


@pytest.mark.parametrize("name", [name for name in TASKS if name != HUB])
def test_whatever_goes_wrong_leads_back_to_the_hub(name: str) -> None:
    (catch,) = TASKS[name]["Catch"]
    assert catch == {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": HUB}
    assert TASKS[name]["Next"] == HUB


def test_a_run_whose_hub_fails_for_good_dies_and_is_continued_as_the_next() -> None:
    assert "Catch" not in STATES[HUB]


def test_the_hub_is_turned_again_when_its_sandbox_dies() -> None:
    assert {"Runtime.ExitError", "Lambda.Unknown", "Sandbox.Timedout"} <= retried(HUB)


def test_an_entry_that_the_bus_refused_is_sent_again() -> None:
    assert "EventBridge.FailedEntry" in retried("PublishEvents")


@pytest.mark.parametrize("name", [name for name, task in TASKS.items() if "Retry" in task])
def test_a_retry_waits_longer_each_time_and_ends(name: str) -> None:
    for retry in TASKS[name]["Retry"]:
        assert retry["BackoffRate"] >= 2
        assert retry["MaxAttempts"] <= 8
        assert retry["JitterStrategy"] == "FULL"


def test_the_paid_call_is_never_queued_twice_by_a_retry() -> None:
    assert "Retry" not in STATES["SubmitJob"]


def test_the_wheel_knows_each_word_of_the_hub_and_no_other() -> None:
    path = ROOT / "functions" / "advance_job" / "handler.py"
    spec = importlib.util.spec_from_file_location("advance_job_handler", path)
    assert spec is not None
    assert spec.loader is not None
    hub = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hub)
    choices = STATES["NextStep"]["Choices"]
    assert {choice["StringEquals"]: choice["Next"] for choice in choices} == SPOKES
    assert {choice["Variable"] for choice in choices} == {"$.step"}
    assert sorted(hub.WORDS.values()) == sorted(SPOKES)


def test_every_name_that_the_definition_uses_is_given_and_no_other() -> None:
    used = set(re.findall(r"\$\{(\w+)\}", FILE.read_text("utf-8")))
    assert used == set(MACHINE["DefinitionSubstitutions"])


def test_the_poll_is_a_number() -> None:
    assert '"TimeoutSeconds": ${PollSeconds},' in FILE.read_text("utf-8")


def test_waiting_begins_only_if_nobody_rang_since_the_hub_looked() -> None:
    wait = STATES["AwaitCompletion"]["Parameters"]
    assert wait["TableName"] == "${TableName}"
    assert wait["ConditionExpression"] == "open_run = :run AND rings = :rings"
    assert wait["UpdateExpression"] == "SET #token = :token, token_run = :run"
    assert wait["ExpressionAttributeNames"] == {"#token": "token"}
    assert wait["Key"] == {
        "pk": {"S.$": "States.Format('JOB#{}', $.job_id)"},
        "sk": {"S": "JOB"},
    }
    assert wait["ExpressionAttributeValues"] == {
        ":token": {"S.$": "$$.Task.Token"},
        ":run": {"N.$": "States.Format('{}', $.run)"},
        ":rings": {"N.$": "States.Format('{}', $.rings)"},
    }


def test_the_words_that_travel_are_small() -> None:
    """Requests and links stay in the ledger; only names and counters go through the states."""
    message = STATES["SubmitJob"]["Parameters"]["MessageBody"]
    assert set(message) == {"job_id.$", "attempt.$", "token.$"}
    assert STATES["ArchiveVideo"]["Parameters"]["Payload"] == {"job_id.$": "$.job_id"}
    for name in ("SubmitJob", "AwaitCompletion", "ArchiveVideo"):
        assert STATES[name]["ResultPath"] is None, name


def test_the_machines_role_allows_what_its_states_call_and_no_more(on_aws: Deployed) -> None:
    actions = {
        "lambda:invoke": "lambda:InvokeFunction",
        "sqs:sendMessage.waitForTaskToken": "sqs:SendMessage",
        "aws-sdk:dynamodb:updateItem.waitForTaskToken": "dynamodb:UpdateItem",
        "events:putEvents": "events:PutEvents",
    }
    calls = {task["Resource"].partition(":states:::")[2] for task in TASKS.values()}
    rights = rights_of(on_aws, "VideoJobRole")
    assert calls == set(actions)
    assert set(rights) == set(actions.values())
    assert rights["lambda:InvokeFunction"] == {
        "${AdvanceJobFunction.Arn}",
        "${ArchiveVideoFunction.Arn}",
    }
    assert rights["sqs:SendMessage"] == {"${JobsQueue.Arn}"}
    assert rights["dynamodb:UpdateItem"] == {"${Ledger.Arn}"}
    assert rights["events:PutEvents"] == {"${Bus.Arn}"}


@pytest.mark.parametrize("state", ["AdvanceJob", "ArchiveVideo"])
def test_a_state_waits_longer_than_its_function_may_run(state: str, on_aws: Deployed) -> None:
    limit = on_aws.properties(f"{state}Function")["Timeout"]
    assert STATES[state]["TimeoutSeconds"] > limit


def test_the_queue_of_paid_calls_outlives_the_patience_of_a_run(on_aws: Deployed) -> None:
    """A run may give an order up and look; the order itself stays in the queue."""
    kept = on_aws.properties("JobsQueue")["MessageRetentionPeriod"]
    assert kept > STATES["SubmitJob"]["TimeoutSeconds"]
