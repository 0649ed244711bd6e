"""A user of the running stack: drops files, reads receipts and the archive, hears the events."""

import hashlib
import json
import os
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import HTTPError

import jsonschema_rs
from botocore.exceptions import ClientError
from PIL import Image

from local_stack.deploy import STACK_NAME
from local_stack.places import StackFolder
from local_stack.stack_file import Stack
from tests.support.template import ROOT

SCHEMA = ROOT / "events" / "receipts" / "receipt.schema.json"
RECEIPT = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text("utf-8")))
PATIENCE = 90.0
PAUSE = 0.2

Found = TypeVar("Found")


@dataclass
class Traveller:
    """One test's view of the stack; `heard` keeps every event that came by."""

    stack: Stack
    folder: StackFolder
    heard: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        clients = self.stack.clients()
        self.s3, self.sqs = clients.s3(), clients.sqs()
        self.dynamodb, self.states = clients.dynamodb(), clients.states()
        self.events = clients.events()
        self.cloudformation = clients.cloudformation()

    def drop(self, key: str, manifest: object) -> str:
        """Lay a manifest into the intake bucket; returns its version."""
        body = manifest if isinstance(manifest, str) else json.dumps(manifest)
        answer = self.s3.put_object(Bucket=self.stack.intake_bucket, Key=key, Body=body.encode())
        return answer["VersionId"]

    def lay_picture(self, key: str, color: str, tmp_path: Path) -> None:
        """Lay a reference beside the manifests."""
        picture = tmp_path / Path(key).name
        Image.new("RGB", (640, 480), color).save(picture)
        self.s3.upload_file(str(picture), self.stack.intake_bucket, key)

    def receipt(self, manifest_key: str) -> dict[str, Any] | None:
        key = f"receipts/{manifest_key.removeprefix('manifests/')}.json"
        found = self._json(self.stack.intake_bucket, key)
        if found is not None:
            RECEIPT.validate(found)
        return found

    def _json(self, bucket: str, key: str) -> dict[str, Any] | None:
        try:
            body = self.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError:
            return None
        found: dict[str, Any] = json.loads(body)
        return found

    def ended(self, manifest_key: str, *, version: str | None = None) -> dict[str, Any]:
        """Wait until a manifest's receipt says that all is over, and return it."""

        def over() -> dict[str, Any] | None:
            receipt = self.receipt(manifest_key)
            fits = receipt is not None and version in {None, receipt["version_id"]}
            done = receipt is not None and receipt["state"] in {"completed", "rejected"}
            return receipt if fits and done else None

        return wait_for(over, f"the end of {manifest_key}; so far {self.receipt(manifest_key)}")

    def archived(self, key: str) -> tuple[bytes, dict[str, Any]]:
        """Return a video and its sidecar."""
        bucket = self.stack.archive_bucket
        video = self.s3.get_object(Bucket=bucket, Key=f"{key}/video.mp4")["Body"].read()
        sidecar = self._json(bucket, f"{key}/result.json")
        assert sidecar is not None
        assert hashlib.sha256(video).hexdigest() == sidecar["video"]["sha256"]
        return video, sidecar

    def versions(self, key: str) -> int:
        found = self.s3.list_object_versions(Bucket=self.stack.archive_bucket, Prefix=key)
        return len(found.get("Versions", []))

    def events_of(self, name: str, *, until: str) -> list[dict[str, Any]]:
        """Return the events that name a job or a manifest, once one of a type has come."""

        def told() -> list[dict[str, Any]] | None:
            self._listen()
            ours = [event for event in self.heard if name in json.dumps(event["detail"])]
            return ours if until in {event["detail-type"] for event in ours} else None

        return wait_for(told, f"{until} of {name}; heard {[e['detail-type'] for e in self.heard]}")

    def _listen(self) -> None:
        queue = self.stack.events_queue_url
        while True:
            answer = self.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
            for message in answer.get("Messages", []):
                self.heard.append(json.loads(message["Body"]))
                self.sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            if not answer.get("Messages"):
                return

    def tasks(self, prompt: str) -> list[dict[str, Any]]:
        """Return the provider's own books on every task of a prompt."""
        books = self.provider("GET", "/_emulator/tasks")["tasks"]
        return [task for task in books if task["request"]["prompt"] == prompt]

    def callbacks(self, task_id: str) -> list[dict[str, Any]]:
        tried = self.provider("GET", "/_emulator/callbacks")["callbacks"]
        return [callback for callback in tried if callback["task_id"] == task_id]

    def arm(self, **fault: Any) -> None:
        self.provider("POST", "/_emulator/faults", fault)

    def provider(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        status, text = http(method, self.stack.provider_url + path, body)
        assert status < 300, text
        answer: dict[str, Any] = json.loads(text or "{}")
        return answer

    def job(self, job_id: str) -> dict[str, Any]:
        """Return a job as the ledger holds it, with plain values."""
        key: Any = {"pk": {"S": f"JOB#{job_id}"}, "sk": {"S": "JOB"}}
        answer = self.dynamodb.get_item(
            TableName=self.stack.table_name, Key=key, ConsistentRead=True
        )
        return {name: next(iter(value.values())) for name, value in answer["Item"].items()}

    def job_of(self, manifest_key: str) -> str:
        """Return the id of the only job of a manifest, as soon as its receipt tells it."""
        receipt = wait_for(lambda: self.receipt(manifest_key), f"a receipt of {manifest_key}")
        (job,) = receipt["jobs"]
        job_id: str = job["id"]
        return job_id

    def until_state(self, job_id: str, *states: str) -> None:
        wait_for(lambda: self.job(job_id)["state"] in states, f"{job_id} in {states}")

    @contextmanager
    def no_intake(self) -> Iterator[None]:
        """Keep what is dropped meanwhile from the queue."""
        rules = [rule for rule in self.events.list_rules()["Rules"] if "manifests/" in str(rule)]
        (name,) = (rule["Name"] for rule in rules)
        self.events.disable_rule(Name=name)
        try:
            yield
        finally:
            self.events.enable_rule(Name=name)

    def output(self, name: str) -> str:
        """Return an output of the deployed stack."""
        (stack,) = self.cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"]
        outputs = {found["OutputKey"]: found["OutputValue"] for found in stack["Outputs"]}
        return outputs[name]

    def kill(self, function: str) -> int:
        """Kill every process that runs a function of this stack; returns how many there were."""
        killed = 0
        for pid in processes_of(self.stack.aws_endpoint_url, function):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                killed += 1
        return killed


def processes_of(endpoint: str, function: str) -> list[int]:
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            variables = environ.read_bytes().split(b"\0")
            ours = f"AWS_ENDPOINT_URL={endpoint}".encode() in variables
            named = any(
                variable.startswith(b"AWS_LAMBDA_FUNCTION_NAME=") and function.encode() in variable
                for variable in variables
            )
            if ours and named:
                found.append(int(environ.parent.name))
    return found


def http(method: str, url: str, body: object = None) -> tuple[int, str]:
    """Send JSON over plain HTTP on loopback; returns status and text, whatever the status."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def wait_for(look: Callable[[], Found | None], what: str) -> Found:
    """Look until there is something; fails with what was waited for."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(PAUSE)
    raise AssertionError(f"waited {PATIENCE:.0f} s in vain for {what}")
