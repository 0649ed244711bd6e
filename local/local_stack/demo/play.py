import json
import time
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any

from local_stack.demo import heard, souvenirs
from local_stack.demo.samples import Sample, pictures, read_samples
from local_stack.demo.watch import Receipt, watch
from local_stack.errors import LocalStackError
from local_stack.places import StackFolder, relative
from local_stack.stack import Wishes, down, up
from local_stack.stack_file import Stack


def play(folder: StackFolder) -> None:
    """Run the whole demonstration and print its outcome when everything has stopped."""
    started = time.monotonic()
    samples = read_samples()
    try:
        summary = perform(up(folder, Wishes()), samples)
    except LocalStackError as error:
        raise LocalStackError(f"{error}\nThe logs lie in {relative(folder.path)}.") from error
    finally:
        down(folder)
    summary["seconds"] = round(time.monotonic() - started, 1)
    print(json.dumps(summary, separators=(",", ":")), flush=True)


def perform(stack: Stack, samples: list[Sample]) -> dict[str, Any]:
    drop(stack, samples)
    receipts = watch(stack).follow(samples)
    events = heard.listen(stack, samples)
    heard.show(events)
    files = souvenirs.bring_home(stack, samples)
    souvenirs.show(files)
    refuse_surprises(samples, receipts)
    return summarise(samples, receipts, events)


def drop(stack: Stack, samples: list[Sample]) -> None:
    store = stack.clients().s3()
    for picture in pictures():
        key = f"manifests/{picture.name}"
        store.put_object(Bucket=stack.intake_bucket, Key=key, Body=picture.read_bytes())
    print(f"\nDropped under s3://{stack.intake_bucket}/manifests/:")
    for sample in samples:
        if sample.provider_fault:
            arm(stack, sample.provider_fault)
        store.put_object(Bucket=stack.intake_bucket, Key=sample.key, Body=sample.body)
        print(f"  {sample.name}")
    print("\nWhat became of them:")


def arm(stack: Stack, fault: Mapping[str, Any]) -> None:
    request = urllib.request.Request(  # noqa: S310 - our own emulator, on loopback
        f"{stack.provider_url}/_emulator/faults",
        data=json.dumps(fault).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - the same
        answer.read()


def refuse_surprises(samples: Sequence[Sample], receipts: Mapping[str, Receipt]) -> None:
    missed = [line for each in samples for line in each.missed_by(receipts[each.name])]
    if missed:
        raise LocalStackError("\n".join(["Not every job ended as its sample declares.", *missed]))


def summarise(
    samples: Sequence[Sample], receipts: Mapping[str, Receipt], events: Sequence[heard.Heard]
) -> dict[str, Any]:
    first = samples[0]
    rejected = next(each for each in samples if each.state == "rejected")
    job = receipts[first.name]["jobs"][0]
    video = souvenirs.FOLDER / job["key"]
    return {
        "outcome": job["state"],
        "video": souvenirs.shown(video),
        "poster": souvenirs.shown(video.with_name("poster.jpg")),
        "result": souvenirs.shown(video.with_name("result.json")),
        "receipt": souvenirs.shown(souvenirs.FOLDER / first.receipt_key),
        "events": heard.kinds_of(events, first.key, job["name"]),
        "rejected_receipt": souvenirs.shown(souvenirs.FOLDER / rejected.receipt_key),
    }
