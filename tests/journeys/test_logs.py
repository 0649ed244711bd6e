"""The log of a real run: every id by which a job can be followed, and not one planted secret."""

import json
from typing import Any

import pytest

from tests.journeys.traveller import Traveller, http, wait_for
from video_pipeline_cli.doctor.deployed import Deployed, look_up
from video_pipeline_cli.target import open_target

pytestmark = pytest.mark.stack

PROMPT = "A planted prompt that nobody may read in a log"
LINK = "https://files.test/video.mp4?signature=planted-signature"
PLANTED = f"no JSON: sk-planted-key-of-somebody {LINK} Bearer planted-bearer"


@pytest.fixture(scope="module")
def deployed(traveller: Traveller) -> Deployed:
    return look_up(open_target(None, traveller.folder.stack_file))


@pytest.fixture(scope="module")
def jobs(traveller: Traveller, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One job that is archived and one that fails, both with planted words; by their names."""
    folder = tmp_path_factory.mktemp("logs")
    traveller.lay_picture("manifests/logs/cup.png", "#2050c0", folder)
    traveller.arm(
        on="task", kind="fail", code="content_policy_violation", match={"prompt": "and bad"}
    )
    base = {"image_urls": ["cup.png"], "duration": 4, "quality": "480p"}
    wanted = [
        {**base, "name": "good", "prompt": PROMPT},
        {**base, "name": "bad", "prompt": f"{PROMPT} and bad"},
    ]
    traveller.drop("manifests/logs/m.json", {"jobs": wanted})
    return {job["name"]: job["id"] for job in traveller.ended("manifests/logs/m.json")["jobs"]}


def lines(stack: Deployed) -> list[str]:
    pages = stack.client("logs").get_paginator("filter_log_events")
    group = stack.outputs["LogGroup"]
    return [
        event["message"] for page in pages.paginate(logGroupName=group) for event in page["events"]
    ]


def told(stack: Deployed, message: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in lines(stack) if f'"message":"{message}"' in line]
    return [line for line in found if line.get("message") == message]


def moves_of(stack: Deployed, job_id: str) -> list[dict[str, Any]]:
    """Return the lines of a job's moves in the order in which its functions wrote them."""
    moves = [line for line in told(stack, "move") if line["job_id"] == job_id]
    return sorted(moves, key=lambda line: str(line["timestamp"]))


def invoke(stack: Deployed, function: str, event: object) -> None:
    name = stack.id_of(function)
    stack.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())


def test_every_move_of_a_job_is_logged_with_all_its_ids(
    jobs: dict[str, str], deployed: Deployed
) -> None:
    def states() -> set[str]:
        return {line["after"] for line in moves_of(deployed, jobs["good"])}

    # CloudWatch tells a line later than it is written; so does the engine, which hands on what it
    # read too late with the next call of that function.
    wait_for(lambda: len(states()) == 4, "a line of each move")
    moves = moves_of(deployed, jobs["good"])
    assert [line["after"] for line in moves][:3] == ["submitting", "submitted", "completed"]
    assert moves[-1]["after"] == "archived"
    for line in moves:
        assert line["manifest"] == "manifests/logs/m.json"
        assert line["execution"] == f"{jobs['good']}-1"
        assert line["function_request_id"]
        assert line["service"] == deployed.target.stack


def test_every_turn_names_its_execution(jobs: dict[str, str], deployed: Deployed) -> None:
    turns = [line for line in told(deployed, "turn") if line["job_id"] == jobs["bad"]]
    assert {line["execution"] for line in turns} == {f"{jobs['bad']}-1"}
    assert all(line["function_request_id"] for line in turns)


def test_no_log_holds_a_planted_secret(
    jobs: dict[str, str], deployed: Deployed, traveller: Traveller
) -> None:
    (task,) = traveller.tasks(PROMPT)
    (callback, *_) = wait_for(lambda: traveller.callbacks(task["id"]), "a callback")
    proof = callback["url"].rpartition("/")[2]
    http("POST", f"{callback['url']}-forged", {"id": task["id"], "planted": PLANTED})
    messages = {"Records": [{"messageId": "planted", "body": PLANTED}]}
    invoke(deployed, "SubmitJobFunction", messages)
    invoke(deployed, "BuryJobFunction", messages)
    invoke(deployed, "SubmitManifestFunction", messages)
    invoke(deployed, "ArchiveVideoFunction", {"job_id": PLANTED})
    secrets = deployed.client("secretsmanager")
    keys = {
        secrets.get_secret_value(SecretId=deployed.outputs[name])["SecretString"]
        for name in ("ProviderSecretArn", "CallbackSecretArn")
    }
    looked_for = {PROMPT, proof, "planted-signature", "sk-planted", "planted-bearer", *keys}
    text = "\n".join(lines(deployed))
    assert "message failed" in text
    assert {secret for secret in looked_for if secret in text} == set()
    for sign in ("X-Amz-Signature", "/callbacks/", "taskToken"):
        assert sign not in text
