"""`make example EXAMPLE=…`: deploy an example, drop what it waits for, show what it did."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from local_stack.errors import LocalStackError
from local_stack.examples.beside import EXAMPLES, deploy_example, names
from local_stack.examples.chat import transformed
from local_stack.places import PROJECT, StackFolder
from local_stack.progress import say, step
from local_stack.stack_file import Stack, read_stack
from local_stack.template_file import read_template

PATIENCE, PAUSE = 120.0, 0.5
FAILED = PROJECT / "events" / "published" / "video_failed.sample.json"

Found = TypeVar("Found")


@dataclass(frozen=True)
class Stage:
    """A running stack with one example beside it."""

    stack: Stack
    folder: StackFolder
    name: str

    def deploy(self, **parameters: str) -> dict[str, str]:
        with step(f"{self.name} deployed beside the stack"):
            return deploy_example(self.folder, self.stack.clients(), self.name, parameters)

    def drop(self, manifest: object) -> None:
        """Drop a manifest that asks for a new video each time."""
        body = json.dumps({"rerun": True, "jobs": manifest}).encode()
        key = f"manifests/examples/{self.name}.json"
        self.stack.clients().s3().put_object(Bucket=self.stack.intake_bucket, Key=key, Body=body)
        say(f"dropped {key}")

    def job(self, name: str, **metadata: str) -> dict[str, Any]:
        """Return a short video's request, its picture laid beside the manifest."""
        picture = (PROJECT / "events" / "manifests" / "bottle.png").read_bytes()
        key = "manifests/examples/bottle.png"
        self.stack.clients().s3().put_object(Bucket=self.stack.intake_bucket, Key=key, Body=picture)
        request = {
            "prompt": "Image 1 is the bottle. It turns slowly.",
            "image_urls": ["bottle.png"],
        }
        return {**request, "name": name, "duration": 4, "quality": "480p", "metadata": metadata}


def play(name: str, folder: StackFolder) -> Any:  # noqa: ANN401 - what the example has to show
    """Run one example on the running stack of a folder; return and print what it did."""
    if name not in PLAYS:
        raise LocalStackError(f"There is no example {name!r}; there are {', '.join(names())}.")
    seen = PLAYS[name](Stage(read_stack(folder), folder, name))
    say(json.dumps(seen, indent=2, ensure_ascii=False))
    return seen


def act_on_video(stage: Stage) -> list[dict[str, str]]:
    """Return the rows that the function wrote."""
    table = stage.deploy()["VideosTable"]
    stage.drop([stage.job("acted-on")])
    dynamodb = stage.stack.clients().dynamodb()

    def rows() -> list[dict[str, str]]:
        items = dynamodb.scan(TableName=table, ConsistentRead=True)["Items"]
        return [{name: str(*kind.values()) for name, kind in item.items()} for item in items]

    return wait_for(rows, "a row of the video")


def filtered_queue(stage: Stage) -> list[dict[str, Any]]:
    """Return the events that the queue got while two campaigns made a video each."""
    queue = stage.deploy()["QueueUrl"]
    stage.drop([stage.job(name, campaign=name) for name in ("autumn", "spring")])
    sqs = stage.stack.clients().sqs()

    def messages() -> list[dict[str, Any]]:
        got = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        for message in got:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in got]

    events = wait_for(messages, "an event in the queue")
    return [
        {"event": event["detail-type"], "metadata": event["detail"]["metadata"]} for event in events
    ]


def continue_video(stage: Stage) -> dict[str, Any]:
    """Return how the workflow ended: with the key of the second video."""
    machine = stage.deploy(LookSeconds="2")["StateMachineArn"]
    states = stage.stack.clients().states()
    before = states.list_executions(stateMachineArn=machine)["executions"]
    stage.drop([stage.job("continued", **{"continue": "yes"})])

    def ended() -> Any:  # noqa: ANN401 - an execution
        found = states.list_executions(stateMachineArn=machine)["executions"]
        ended = [each for each in found if each["status"] != "RUNNING"]
        return ended[0] if len(ended) > len(before) else None

    arn = wait_for(ended, "the end of the workflow")["executionArn"]
    told = states.describe_execution(executionArn=arn)
    return {"status": told["status"], **json.loads(told.get("output", "{}"))}


def failure_message(_stage: Stage) -> Any:  # noqa: ANN401 - any JSON
    """Return the message of the failure among the samples: there is no API destination here."""
    template = read_template(EXAMPLES / "failure-message" / "template.yaml")
    (target,) = template["Resources"]["JobsWithoutVideo"]["Properties"]["Targets"]
    say("The local engine has no API destinations; this is what the chat would get.")
    return transformed(target["InputTransformer"], json.loads(FAILED.read_text("utf-8")))


PLAYS: dict[str, Callable[[Stage], Any]] = {
    "act-on-video": act_on_video,
    "continue-video": continue_video,
    "failure-message": failure_message,
    "filtered-queue": filtered_queue,
}


def wait_for(look: Callable[[], Found | None], what: str) -> Found:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(PAUSE)
    raise LocalStackError(f"Waited {PATIENCE:.0f} s in vain for {what}.")
