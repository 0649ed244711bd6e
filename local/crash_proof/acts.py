"""What is done to a case from outside while it runs; an act returns True when it is done."""

import json
import random
from typing import Any

from crash_proof.cases import Act
from crash_proof.inside.plans import Blow, set_ahead, write_plan
from crash_proof.provider import http
from crash_proof.world import Live, World, is_at_rest
from video_pipeline.adapters.ledger.items import claims_name

LONG_ENOUGH = 90.0
"""Seconds after which an act that found nothing to do gives up."""

GONE_AFTER = 0.3
"""Hours after which no task that the provider denies is looked for any more."""

FORGED = "/callbacks/{job}/1/00000000/0123456789abcdef"


def doubled_drop(live: Live, world: World) -> bool:
    """Repeat the S3 event, at once and late, so that some copy overtakes the first."""
    location = {
        "bucket": {"name": world.stack.intake_bucket},
        "object": {"key": live.case.key, "version-id": live.version_id},
    }
    for delay in (0, 1, 6):
        world.send("ManifestsQueueUrl", json.dumps({"detail": location}), delay)
    return True


def poisoned(live: Live, world: World) -> bool:
    """Send what nobody can read to both queues; it must come to rest in a kept copy."""
    poison = f"{{ no JSON {live.case.mark}"
    if not live.memory.get("sent"):
        for queue in ("ManifestsQueueUrl", "JobsQueueUrl"):
            world.send(queue, poison)
        live.memory["sent"] = True
    return world.dead_letters().count(poison) >= 2  # noqa: PLR2004 - one of each queue


def doubled_order(live: Live, world: World) -> bool:
    """Repeat a job's message to the worker, at once and after everything is over."""
    orders = [order for job_id in live.job_ids for order in world.records.orders[job_id]]
    for order in orders:
        for delay in (0, 2, 10):
            world.send("JobsQueueUrl", order, delay)
    return bool(orders) or live.age > LONG_ENOUGH


def doubled_ring(live: Live, world: World) -> bool:
    """Repeat every genuine callback of a finished task, several times."""
    rings = [(task["request"]["callback_url"], task["answer"]) for task in finished(live, world)]
    for url, body in rings:
        for _ in range(3):
            http("POST", url, body)
    return len(rings) >= len(live.job_ids) or live.age > LONG_ENOUGH


def rubbish(live: Live, world: World) -> bool:
    """Call back with a wrong capability, with foreign ids and with what is no JSON."""
    tasks = tasks_of(live, world)
    for task in tasks:
        url = task["request"]["callback_url"]
        for body in (b"{", b"\xff\xfe", b"[]", b"", {"id": "task-unified-1-nobody"}, {"id": 7}):
            http("POST", url, body)
        forged = world.stack.callback_base_url + FORGED.format(job=live.job_ids[0])
        if http("POST", forged, {"id": task["id"]})[0] < 400:  # noqa: PLR2004 - HTTP
            raise AssertionError(f"a forged callback was taken: {forged}")
    return len(tasks) >= len(live.job_ids) or live.age > LONG_ENOUGH


def stopped(live: Live, world: World) -> bool:
    """Stop the execution of each job at an instant of its own."""
    chance = random.Random(live.case.name)  # noqa: S311 - reproducible
    instants = live.memory.setdefault("stops", {j: chance.uniform(0.5, 30) for j in live.job_ids})
    for job_id, instant in list(instants.items()):
        run = live.jobs.get(job_id, {}).get("open_run")
        if live.age > instant and run is not None and stop(world, world.run_arn(job_id, run)):
            del instants[job_id]
    return not instants or live.age > LONG_ENOUGH


def vanished(live: Live, world: World) -> bool:
    """Stop the execution and kill every try to continue it, so that it is simply gone."""
    for job_id in live.job_ids:
        blow = Blow(f"{live.case.name}.gone", where=("continue_run", "", 0, ""), times=3)
        write_plan(world.crashes, job_id, [*live.case.blows, blow])
    return stopped(live, world)


def stop(world: World, arn: str) -> bool:
    """Stop an execution; False when there is none that runs."""
    try:
        if world.states.describe_execution(executionArn=arn)["status"] != "RUNNING":
            return False
        world.states.stop_execution(executionArn=arn, error="Stopped", cause="crash proof")
    except world.states.exceptions.ClientError:
        return False
    return True


def hours_later(hours: float) -> Act:
    """Return the act that lets so many hours pass once a job is under way."""

    def hours_pass(live: Live, world: World) -> bool:
        waiting = {"submitted", "completed"}
        under_way = [name for name, job in live.jobs.items() if job.get("state") in waiting]
        for job_id in under_way:
            set_ahead(world.crashes, job_id, hours)
        return bool(under_way) or live.age > LONG_ENOUGH

    return hours_pass


def searched_in_vain(live: Live, world: World) -> bool:
    """Let the minutes pass for which a task that a ring named, and that nobody has, is looked for.

    Such a job has long counted as unconfirmed; only its run is still open. Whatever else is done
    to the case comes first: it may ring once more.
    """
    for job_id, job in live.jobs.items():
        rests = job.get("state") == "unconfirmed" and "open_run" in job
        if live.age > LONG_ENOUGH and rests and claims_name(int(job["attempt"])) in job:
            set_ahead(world.crashes, job_id, GONE_AFTER)
    over = live.drop.get("state") == "rejected" or all(map(is_at_rest, live.jobs.values()))
    return over and live.acts == [searched_in_vain]


def dropped_again(live: Live, world: World) -> bool:
    """Lay the same manifest down once more, as a new version; it buys nothing.

    The engine's events name no version, so the first must have been taken in before.
    """
    if not live.drop:
        return live.age > LONG_ENOUGH
    bucket = world.stack.intake_bucket
    world.s3.put_object(Bucket=bucket, Key=live.case.key, Body=live.case.body(bucket))
    return True


def dropped_again_later(live: Live, world: World) -> bool:
    """Lay the same manifest down once more when all its jobs have ended."""
    over = bool(live.jobs) and all(map(is_at_rest, live.jobs.values()))
    return over and dropped_again(live, world)


def deleted(live: Live, world: World) -> bool:
    """Delete the manifest's very version before it can be read."""
    bucket = world.stack.intake_bucket
    world.s3.delete_object(Bucket=bucket, Key=live.case.key, VersionId=live.version_id)
    return True


def finished(live: Live, world: World) -> list[dict[str, Any]]:
    return [task for task in tasks_of(live, world) if task["status"] == "completed"]


def tasks_of(live: Live, world: World) -> list[dict[str, Any]]:
    mark = live.case.mark
    return [task for task in world.books() if mark in task["request"]["prompt"]]
