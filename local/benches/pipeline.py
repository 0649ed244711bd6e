"""How fast many jobs at once go through the whole local stack, and how fast they could.

The provider finishes at once, so what is left is the pipeline and the engine under it.
The engine's own limit is a machine of the same number of turns around a function that does nothing.
The engine starts a process for each concurrent call: all are started before anything is measured,
in bursts that grow, because forty starts at once outlast the engine's patience on a busy machine.
Cold starts have a bench of their own.
"""

import json
import os
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any, NamedTuple

from benches.engine_limit import EngineLimit
from benches.processor_time import ProcessorTime, Seconds
from benches.side_by_side import interleaved, median, percentile, ratio, report
from local_stack.errors import LocalStackError
from local_stack.places import BENCH_STACK, PROJECT, stack_folder
from local_stack.progress import say
from local_stack.stack import Wishes, down, up
from local_stack.stack_file import Stack

JOBS = 40  # every live run is a thread of the engine, every concurrent call a process
WARMING = (1, 4, 10, 20, 40)
ALONE = ROUNDS = 5
SUBMIT_CONCURRENCY = 10  # what the parameter of that name sets on AWS; 2 would be measured instead
PATIENCE, PAUSE = 600.0, 0.1
AT_ONCE = {"pending_seconds": 0, "processing_seconds": 0, "rendering": "clip"}
PICTURE = PROJECT / "events" / "manifests" / "bottle.png"
ENDS = {"Video Archived", "Video Failed", "Video Unconfirmed"}


class Burst(NamedTuple):
    """Jobs dropped at once: how fast they ended, how soon each end was told, and the work."""

    jobs_per_second: float
    waits: list[float]
    processor: Seconds


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
        self._numbers = count(1)

    def set_up(self) -> None:
        self._provider("PUT", "/_emulator/settings", AT_ONCE)
        self._put("manifests/bottle.png", PICTURE.read_bytes())
        functions = self._clients.functions()
        for mapping in functions.list_event_source_mappings()["EventSourceMappings"]:
            if "SubmitJob" in mapping["FunctionArn"]:
                functions.update_event_source_mapping(
                    UUID=mapping["UUID"], ScalingConfig={"MaximumConcurrency": SUBMIT_CONCURRENCY}
                )

    def burst(self, jobs: int = JOBS) -> Burst:
        """Drop one manifest of so many jobs, and wait until the end of each was told."""
        key = f"manifests/burst-{next(self._numbers)}.json"
        processor, dropped = ProcessorTime(stack_folder(BENCH_STACK)), time.time()
        self._put(key, manifest(jobs, key))
        told: dict[str, float] = {}
        deadline = time.monotonic() + PATIENCE
        while len(told) < jobs:
            if time.monotonic() > deadline:
                raise LocalStackError(f"Only {len(told)} of {jobs} jobs ended in {PATIENCE:.0f} s.")
            told |= dict(self._ends(key))
        self._rest()
        taken, completed = processor.since(), self._completions()
        waits = [at - completed[task] for task, at in told.items()]
        return Burst(jobs / (max(told.values()) - dropped), waits, taken)

    def _completions(self) -> dict[str, float]:
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

    def engine_limit(self, turns: int) -> EngineLimit:
        return EngineLimit(self._clients, self._stack.state_machine_arn, turns)

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

    def _rest(self) -> None:
        """Wait for the runs' own ends, which come after they told their job's."""
        machine, states = self._stack.state_machine_arn, self._clients.states()
        while states.list_executions(stateMachineArn=machine, statusFilter="RUNNING")["executions"]:
            time.sleep(PAUSE)

    def _ends(self, key: str) -> Iterator[tuple[str, float]]:
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
            if event["detail-type"] in ENDS and event["detail"]["job"]["manifest"]["key"] == key:
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


def of_engine(engine: EngineLimit) -> Burst:
    processor = ProcessorTime(stack_folder(BENCH_STACK))
    return Burst(engine.jobs_per_second(JOBS), [], processor.since())


def milliseconds_per_job(bursts: Sequence[Burst]) -> dict[str, int]:
    """Return the processor time of a job by kind of process, the largest first."""
    jobs = JOBS * len(bursts)
    kinds = {kind for burst in bursts for kind in burst.processor}
    taken = {kind: sum(burst.processor.get(kind, 0) for burst in bursts) for kind in kinds}
    each = {kind: round(1000 * taken[kind] / jobs) for kind in sorted(kinds, key=taken.__getitem__)}
    return {kind: each[kind] for kind in reversed(each) if each[kind]}


def main() -> None:
    with pipeline() as bench:
        bench.set_up()
        for jobs in WARMING:
            bench.burst(jobs)
        alone = [bench.burst(1) for _ in range(ALONE)]
        bench.burst()
        passes = bench.passes()
        engine = bench.engine_limit(passes.turns)
        of_engine(engine)
        say(f"{passes.turns} turns for each of {JOBS} jobs")
        cases = {"pipeline": bench.burst, "engine": lambda: of_engine(engine)}
        taken = interleaved(cases, ROUNDS)
    ours, theirs = taken["pipeline"], taken["engine"]
    speed, limit = (median(each.jobs_per_second for each in bursts) for bursts in (ours, theirs))
    waits = [wait for burst in ours for wait in burst.waits]
    figures = {
        "completion_to_event_p50_s": round(median(waits), 2),
        "completion_to_event_p99_s": round(percentile(waits, 0.99), 2),
        "completion_to_event_alone_s": round(median(burst.waits[0] for burst in alone), 2),
        "jobs_per_second": round(speed, 2),
        "engine_jobs_per_second": round(limit, 2),
        "vs_engine": ratio(speed, limit),
        "processor_ms_per_job": milliseconds_per_job(ours),
        "engine_processor_ms_per_job": milliseconds_per_job(theirs),
        "processors": os.cpu_count(),
        "submit_concurrency": SUBMIT_CONCURRENCY,
        "rounds": ROUNDS,
        "jobs": JOBS,
        **passes._asdict(),
    }
    report("pipeline", figures)


if __name__ == "__main__":
    main()
