"""How fast many jobs at once go through the whole local stack, and how fast they could.

The provider finishes at once, so what is left is the pipeline and the engine under it.
The engine's own limit is a machine of the same number of turns around a function that does nothing.
"""

import json
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from benches.engine_limit import engine_jobs_per_second
from benches.side_by_side import median, percentile, ratio, report
from local_stack.errors import LocalStackError
from local_stack.places import BENCH_STACK, PROJECT, stack_folder
from local_stack.progress import say
from local_stack.stack import Wishes, down, up
from local_stack.stack_file import Stack

JOBS = 40  # every live run is a thread of the engine, every concurrent call a process
PATIENCE = 600.0
AT_ONCE = {"pending_seconds": 0, "processing_seconds": 0, "rendering": "clip"}
PICTURE = PROJECT / "events" / "manifests" / "bottle.png"
ENDS = {"Video Archived", "Video Failed", "Video Unconfirmed"}


class Passes(NamedTuple):
    """How often one run entered a state, asked a function or a service, and asked the hub."""

    transitions: int
    turns: int
    hub_turns: int


class Pipeline:
    """One stack, seen by who drops a manifest and listens on the bus."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._clients = stack.clients()

    def set_up(self) -> None:
        self._provider("PUT", "/_emulator/settings", AT_ONCE)
        self._put("manifests/bottle.png", PICTURE.read_bytes())
        self.run(2, "warm")

    def run(self, jobs: int, name: str) -> tuple[dict[str, float], float]:
        """Drop one manifest of so many jobs; return when each one's end was told, and the drop."""
        dropped = time.time()
        self._put(f"manifests/{name}.json", manifest(jobs, name))
        told: dict[str, float] = {}
        deadline = time.monotonic() + PATIENCE
        while len(told) < jobs:
            if time.monotonic() > deadline:
                raise LocalStackError(f"Only {len(told)} of {jobs} jobs ended in {PATIENCE:.0f} s.")
            told |= dict(self._ends(name))
        return told, dropped

    def completions(self) -> dict[str, float]:
        """Return when the provider completed each task, by its clock, which runs like ours."""
        tasks = self._provider("GET", "/_emulator/tasks?limit=1000")
        return {
            task["id"]: state["at"]
            for task in tasks["tasks"]
            for state in task["states"]
            if state["status"] == "completed"
        }

    def passes(self) -> Passes:
        """Return how often a run passed through states, the median of some runs."""
        arn = self._stack.state_machine_arn
        runs = self._clients.states().list_executions(stateMachineArn=arn, maxResults=10)
        seen = [self._passes_of(run["executionArn"]) for run in runs["executions"]]
        return Passes(*(round(median(counts)) for counts in zip(*seen, strict=True)))

    def engine_jobs_per_second(self, turns: int) -> float:
        return engine_jobs_per_second(self._clients, self._stack.state_machine_arn, JOBS, turns)

    def _passes_of(self, execution: str) -> Passes:
        pages = self._clients.states().get_paginator("get_execution_history")
        events = [
            event
            for page in pages.paginate(executionArn=execution)
            for event in page["events"]
            if event["type"].endswith("StateEntered")
        ]
        tasks = sum(event["type"] == "TaskStateEntered" for event in events)
        names = [event["stateEnteredEventDetails"]["name"] for event in events]
        return Passes(len(events), tasks, names.count("AdvanceJob"))

    def _ends(self, name: str) -> Iterator[tuple[str, float]]:
        queue, url = self._clients.sqs(), self._stack.events_queue_url
        answer = queue.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=10,
            WaitTimeSeconds=1,
            MessageSystemAttributeNames=["SentTimestamp"],
        )
        for message in answer.get("Messages", []):
            queue.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            event = json.loads(message["Body"])
            if event["detail-type"] in ENDS and name in event["detail"]["job"]["manifest"]["key"]:
                at = int(message["Attributes"]["SentTimestamp"]) / 1000
                yield event["detail"]["job"]["task_id"], at

    def _put(self, key: str, body: bytes) -> None:
        self._clients.s3().put_object(Bucket=self._stack.intake_bucket, Key=key, Body=body)

    def _provider(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        request = urllib.request.Request(  # noqa: S310 - our own loopback URL
            self._stack.provider_url + path,
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - the same
            return json.load(answer)


def manifest(jobs: int, name: str) -> bytes:
    prompts = (f"The bottle in image 1, take {number} of {name}" for number in range(jobs))
    listed = [{"prompt": prompt, "image_urls": ["bottle.png"], "duration": 4} for prompt in prompts]
    return json.dumps({"jobs": listed}).encode()


@contextmanager
def pipeline() -> Iterator[Pipeline]:
    folder = stack_folder(BENCH_STACK)
    try:
        yield Pipeline(up(folder, Wishes(clock_speed=1, daily_credit_limit=100_000)))
    finally:
        down(folder)


def main() -> None:
    with pipeline() as bench:
        bench.set_up()
        told, dropped = bench.run(JOBS, "measured")
        completed = bench.completions()
        waits = [at - completed[task] for task, at in told.items()]
        speed = JOBS / (max(told.values()) - dropped)
        passes = bench.passes()
        say(f"{JOBS} jobs, {passes.turns} turns each: {speed:.2f} jobs per second")
        engine = bench.engine_jobs_per_second(passes.turns)
    figures = {
        "completion_to_event_p50_s": round(median(waits), 2),
        "completion_to_event_p99_s": round(percentile(waits, 0.99), 2),
        "jobs_per_second": round(speed, 2),
        "engine_jobs_per_second": round(engine, 2),
        "vs_engine": ratio(speed, engine),
        "jobs": JOBS,
        **passes._asdict(),
    }
    report("pipeline", figures)


if __name__ == "__main__":
    main()
