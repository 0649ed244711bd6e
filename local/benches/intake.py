"""How fast large manifests are taken in, and how much memory submit_manifest needs for them.

Everything is the deployed stack on the local engine, with submission paused, but for one thing:
the runs wait in a state machine of a single state.
Their turns are another function's work, and 10,000 of them at once would end the engine first.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benches.side_by_side import report
from local_stack.clients import Clients
from local_stack.deploy import STACK_NAME
from local_stack.errors import LocalStackError
from local_stack.places import BENCH_STACK, StackFolder, stack_folder
from local_stack.processes import members
from local_stack.progress import say
from local_stack.stack import Wishes, down, up
from local_stack.stack_file import Stack
from video_pipeline_cli.account import pause
from video_pipeline_cli.target import open_target

SMALL, LARGE = 100, 10_000
PATIENCE = 1_200.0
PAUSE = 0.25
HELD = {"StartAt": "Held", "States": {"Held": {"Type": "Wait", "Seconds": 86_400, "End": True}}}
JOB = {
    "prompt": "Use image 1 as the first frame: a cup of fruit tea, steam rising, number {number}",
    "image_urls": ["https://example.com/cup.png"],
    "duration": 5,
    "metadata": {"campaign": "spring", "number": "{number}"},
}


@dataclass(frozen=True)
class Measured:
    jobs: int
    seconds: float
    jobs_per_second: float
    peak_rss_mb: float


@dataclass(frozen=True)
class Bench:
    """One stack whose runs are held, seen by who drops manifests into it."""

    stack: Stack
    folder: StackFolder
    function: str

    @property
    def clients(self) -> Clients:
        return self.stack.clients()

    def take_in(self, jobs: int) -> Measured:
        """Drop a manifest of JSON Lines, and wait for the receipt that lists every job."""
        name = f"bench-{jobs}.jsonl"
        key, body = f"manifests/{name}", manifest(jobs)
        started = time.monotonic()
        self.clients.s3().put_object(Bucket=self.stack.intake_bucket, Key=key, Body=body)
        self._wait_for_receipt(f"receipts/{name}.json", jobs)
        seconds = time.monotonic() - started
        return Measured(jobs, round(seconds, 1), round(jobs / seconds, 1), self._peak_rss_mb())

    def _wait_for_receipt(self, key: str, jobs: int) -> None:
        s3, seen, listed = self.clients.s3(), "", 0
        give_up = time.monotonic() + PATIENCE
        while listed < jobs:
            if time.monotonic() > give_up:
                raise LocalStackError(
                    f"Not taken in within {PATIENCE:.0f} s: the receipt lists {listed} of {jobs} "
                    f"jobs, the engine holds {self.runs()} runs."
                )
            time.sleep(PAUSE)
            found = s3.list_objects_v2(Bucket=self.stack.intake_bucket, Prefix=key)
            tags = [each["ETag"] for each in found.get("Contents", [])]
            if tags and tags[0] != seen:
                seen = tags[0]
                body = s3.get_object(Bucket=self.stack.intake_bucket, Key=key)["Body"].read()
                receipt = json.loads(body)
                if receipt["state"] != "accepted":
                    raise LocalStackError(f"The manifest was {receipt['state']}: {key}.")
                listed = len(receipt["jobs"])

    def _peak_rss_mb(self) -> float:
        """Return the most memory that a process of the function ever had."""
        pids = members(self.folder, function=self.function)
        peaks = [_peak_kilobytes(pid) for pid in pids]
        return round(max(peaks) / 1024, 1)

    def runs(self) -> int:
        pages = self.clients.states().get_paginator("list_executions")
        arn = self.stack.state_machine_arn
        return sum(len(page["executions"]) for page in pages.paginate(stateMachineArn=arn))


def _peak_kilobytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    (line,) = (each for each in status.splitlines() if each.startswith("VmHWM:"))
    return int(line.split()[1])


def manifest(jobs: int) -> bytes:
    line = json.dumps(JOB)
    return "\n".join(line.replace("{number}", str(number)) for number in range(jobs)).encode()


@contextmanager
def held_stack() -> Iterator[Bench]:
    """Start a stack in which nothing is submitted and every run waits."""
    folder = stack_folder(BENCH_STACK)
    try:
        stack = up(folder, Wishes())
        pause(open_target(None, folder.stack_file), "bench")
        clients = stack.clients()
        clients.states().update_state_machine(
            stateMachineArn=stack.state_machine_arn, definition=json.dumps(HELD)
        )
        found = clients.cloudformation().describe_stack_resource(
            StackName=STACK_NAME, LogicalResourceId="SubmitManifestFunction"
        )
        yield Bench(stack, folder, found["StackResourceDetail"]["PhysicalResourceId"])
    finally:
        down(folder)


def main() -> None:
    with held_stack() as bench:
        small = bench.take_in(SMALL)
        say(f"{small.jobs:,} jobs in {small.seconds} s, at most {small.peak_rss_mb} MB")
        large = bench.take_in(LARGE)
        say(f"{large.jobs:,} jobs in {large.seconds} s, at most {large.peak_rss_mb} MB")
        say(f"the engine holds {bench.runs():,} runs, each waiting in its first state")
    report("intake", {**asdict(large), "small": asdict(small)})


if __name__ == "__main__":
    main()
