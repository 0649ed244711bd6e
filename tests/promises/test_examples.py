"""The examples of subscribers: each listens to events that there are, and says how it is run."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local_stack.errors import LocalStackError
from local_stack.examples.beside import EXAMPLES, names
from local_stack.examples.chat import transformed
from local_stack.examples.play import PLAYS, play
from local_stack.places import MAIN_STACK, stack_folder
from local_stack.template_file import read_template
from tests.support.published_events import FOLDER
from tests.support.template import load_template

SAMPLES = {
    path.name.removesuffix(".sample.json"): event
    for path in FOLDER.glob("*.sample.json")
    if "detail" in (event := json.loads(path.read_text("utf-8")))
}
HEARD = {
    "act-on-video": {"video_archived"},
    "continue-video": {"video_archived"},
    "failure-message": {"video_failed", "video_failed.link_expired", "video_unconfirmed"},
    "filtered-queue": {"video_archived", "video_failed", "video_failed.link_expired"},
}
CHOSEN = {"campaign": "spring", "continue": "yes"}


def template(name: str) -> Any:
    return read_template(EXAMPLES / name / "template.yaml")


def patterns(value: Any) -> list[Any]:
    """Return every event pattern of a template, SAM's own form included."""
    if isinstance(value, list):
        return [found for part in value for found in patterns(part)]
    if not isinstance(value, dict):
        return []
    own = [value[name] for name in ("EventPattern", "Pattern") if name in value]
    return own + [found for part in value.values() for found in patterns(part)]


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Say whether a pattern of plain values lets an event pass; a parameter takes any."""
    for name, wanted in pattern.items():
        if name not in event:
            return False
        if isinstance(wanted, dict):
            if not matches(wanted, event[name]):
                return False
        elif not any(isinstance(one, dict) or one == event[name] for one in wanted):
            return False
    return True


def with_metadata(event: dict[str, Any]) -> dict[str, Any]:
    return {**event, "detail": {**event["detail"], "metadata": CHOSEN}}


def test_every_example_has_its_play_and_every_play_its_example() -> None:
    assert names() == sorted(PLAYS) == sorted(HEARD)


def test_an_example_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(LocalStackError, match="act-on-video, continue-video"):
        play("nothing", stack_folder(MAIN_STACK))


@pytest.mark.parametrize("name", sorted(HEARD))
def test_a_readme_says_the_one_command(name: str) -> None:
    text = (EXAMPLES / name / "README.md").read_text("utf-8")
    assert f"make example EXAMPLE={name}" in text
    assert "sam deploy" in text


@pytest.mark.parametrize("name", sorted(HEARD))
def test_an_example_hears_exactly_the_events_that_it_means(name: str) -> None:
    (pattern,) = patterns(template(name)["Resources"])
    heard = {sample for sample, event in SAMPLES.items() if matches(pattern, with_metadata(event))}
    assert heard == HEARD[name]


@pytest.mark.parametrize("name", ["filtered-queue", "continue-video"])
def test_metadata_chooses(name: str) -> None:
    (pattern,) = patterns(template(name)["Resources"])
    event = SAMPLES["video_archived"]
    others = {**event, "detail": {**event["detail"], "metadata": {"other": "thing"}}}
    assert not matches(pattern, others)


@pytest.mark.parametrize("name", sorted(HEARD))
def test_an_example_finds_the_pipeline_by_the_parameters_that_its_stack_writes(name: str) -> None:
    written = {
        resource["Properties"]["Name"]["Fn::Sub"].replace("${AWS::StackName}", "video-pipeline")
        for resource in load_template()["Resources"].values()
        if resource["Type"] == "AWS::SSM::Parameter"
    }
    parameters = template(name)["Parameters"].values()
    found = {
        parameter["Default"]
        for parameter in parameters
        if parameter["Type"].startswith("AWS::SSM::Parameter::Value")
    }
    assert found
    assert found <= written


@pytest.mark.parametrize("name", sorted(HEARD["failure-message"]))
def test_a_failure_becomes_one_line_in_the_chat(name: str) -> None:
    rule = template("failure-message")["Resources"]["JobsWithoutVideo"]["Properties"]
    (target,) = rule["Targets"]
    message = transformed(target["InputTransformer"], SAMPLES[name])
    detail = SAMPLES[name]["detail"]
    assert set(message) == {"text"}
    for part in (detail["job"]["name"], detail["reason"], detail["next_step"]):
        assert part in message["text"]
    assert f"(charged: {detail['charged']})" in message["text"]


def test_a_chat_message_that_was_not_taken_is_kept() -> None:
    resources = template("failure-message")["Resources"]
    (target,) = resources["JobsWithoutVideo"]["Properties"]["Targets"]
    assert target["Arn"] == {"Fn::GetAtt": ["Chat", "Arn"]}
    assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["MissedMessages", "Arn"]}}
    (policy,) = resources["ChatRole"]["Properties"]["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == "events:InvokeApiDestination"
    assert statement["Resource"] == {"Fn::GetAtt": ["Chat", "Arn"]}


def test_a_path_that_finds_nothing_is_an_error() -> None:
    with pytest.raises(KeyError):
        transformed({"InputPathsMap": {"x": "$.detail.nothing"}, "InputTemplate": "{}"}, {})


def test_a_text_with_quotes_stays_json() -> None:
    transformer = {"InputPathsMap": {"x": "$.name"}, "InputTemplate": '{"text": "<x>"}'}
    assert transformed(transformer, {"name": 'a "b"\n'}) == {"text": 'a "b"\n'}


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/*.asl.json")), ids=lambda path: path.name)
def test_every_state_of_a_workflow_leads_to_one_that_is_there(path: Path) -> None:
    text = path.read_text("utf-8").replace("${LookSeconds}", "1")
    machine = json.loads(text)
    states = machine["States"]
    following = {machine["StartAt"]}
    for state in states.values():
        following |= {state[word] for word in ("Next", "Default") if word in state}
        following |= {choice["Next"] for choice in state.get("Choices", ())}
    assert following == set(states)
