"""What a subscriber of the bus got."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from local_stack.demo.samples import Sample
from local_stack.errors import LocalStackError
from local_stack.stack_file import Stack

PATIENCE = 30.0
LAST_WORDS = ("Manifest Completed", "Manifest Rejected")


@dataclass(frozen=True)
class Heard:
    kind: str
    manifest: str
    job: str
    sequence: int
    id: str
    detail: dict[str, Any]


def listen(stack: Stack, samples: Sequence[Sample]) -> list[Heard]:
    """Take events from the subscriber's queue until every manifest's last one has come."""
    heard: dict[str, Heard] = {}
    awaited = {sample.key for sample in samples}
    deadline = time.monotonic() + PATIENCE
    while awaited:
        for each in take(stack):
            heard.setdefault(each.id, each)
            if each.kind in LAST_WORDS:
                awaited.discard(each.manifest)
        if time.monotonic() > deadline:
            raise LocalStackError(f"No last event about {', '.join(sorted(awaited))} was heard.")
    return list(heard.values())


def take(stack: Stack) -> Iterator[Heard]:
    queue, url = stack.clients().sqs(), stack.events_queue_url
    answer = queue.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
    for message in answer.get("Messages", []):
        queue.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        yield understood(json.loads(message["Body"]))


def understood(event: dict[str, Any]) -> Heard:
    detail = event["detail"]
    job = detail.get("job", {})
    manifest = detail.get("manifest") or job["manifest"]
    return Heard(
        kind=event["detail-type"],
        manifest=manifest["key"],
        job=job.get("name", ""),
        sequence=detail["sequence"],
        id=detail["event_id"],
        detail=detail,
    )


def kinds_of(heard: Sequence[Heard], manifest: str, job: str) -> list[str]:
    """List the kinds of a job's events in their order, repeats dropped."""
    about = [each for each in heard if each.manifest == manifest and each.job == job]
    return list(dict.fromkeys(each.kind for each in sorted(about, key=lambda one: one.sequence)))


def show(heard: Sequence[Heard]) -> None:
    print("\nWhat a subscriber got:")
    for each in sorted(heard, key=lambda one: (one.manifest, one.detail["time"])):
        name = each.manifest.removeprefix("manifests/")
        print(f"  {each.kind:<20} {name} {each.job}".rstrip() + why(each.detail))


def why(detail: dict[str, Any]) -> str:
    if "reason" not in detail:
        return ""
    return f"  ({detail['reason']}, charged: {detail['charged']}, credits: {detail['credits']:g})"
