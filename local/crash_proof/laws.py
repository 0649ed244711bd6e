"""The five laws, each a function from the evidence to the sentences in which it was broken."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from crash_proof.evidence import Evidence, Expectation, Task
from crash_proof.ledger import Row

ENDS = {"archived", "failed", "unconfirmed"}
OUTCOMES = {"archived": "Video Archived", "failed": "Video Failed"}


@dataclass(frozen=True)
class Breach:
    """One broken law: whose, and in words."""

    law: str
    subject: str
    words: str


Law = Callable[[Evidence], Iterator[Breach]]


def paid_twice(evidence: Evidence) -> Iterator[Breach]:
    """Law 1: one paid task per attempt, and a next one only after an unbilled failure."""
    for job_id, tasks in tasks_by_job(evidence).items():
        for attempt, count in Counter(task.attempt for task in tasks).items():
            if count > 1:
                yield Breach("paid_twice", job_id, f"attempt {attempt} has {count} tasks")
        for earlier, later in pairwise(tasks):
            over = earlier.ended is not None and earlier.ended <= later.created
            if not (over and earlier.is_unbilled_failure):
                words = f"{later.id} was bought while {earlier.id} was {earlier.status}"
                yield Breach("paid_twice", job_id, words)


def lost(evidence: Evidence) -> Iterator[Breach]:
    """Law 2: a finished video whose task is known to us lies in the archive, byte for byte."""
    hopeless = {job for case in evidence.cases if case.no_video for job in case.job_ids}
    for task in evidence.tasks:
        job = evidence.jobs.get(task.job_id, {})
        known = task.told or job.get("task_id") == task.id
        if task.status != "completed" or not task.charged or not known:
            continue
        if job.get("state") == "failed" and task.job_id in hopeless:
            continue
        if job.get("state") != "archived" or job.get("task_id") != task.id:
            words = f"{task.id} is finished and known, the job is {job.get('state', 'forgotten')}"
            yield Breach("lost", task.job_id, words)
        elif evidence.archive.get(f"{job['folder']}/video.mp4") != task.film:
            yield Breach("lost", task.job_id, f"the archive does not hold the bytes of {task.id}")


def not_as_expected(evidence: Evidence) -> Iterator[Breach]:
    """Nothing but what was done to a case may keep it from its video."""
    for case in evidence.cases:
        if not is_accepted(case, evidence) and "rejected" not in case.ends:
            errors = evidence.receipts.get(case.drop_id, {}).get("errors")
            yield Breach("lost", case.name, f"was rejected: {errors}")
        for job_id in case.job_ids:
            state = evidence.jobs.get(job_id, {}).get("state", "forgotten")
            if state in ENDS and state not in case.ends:
                reason = evidence.jobs[job_id].get("message") or evidence.jobs[job_id]["reason"]
                yield Breach("lost", job_id, f"{case.name} ended {state}: {reason}")


def stuck(evidence: Evidence) -> Iterator[Breach]:
    """Law 3, the end: every job and manifest is over, and nothing runs, waits or is locked."""
    for case in evidence.cases:
        drop = evidence.drops.get(case.drop_id)
        if drop is None or drop["state"] == "accepted":
            words = f"{case.key} never ended: {drop['state'] if drop else 'no row'}"
            yield Breach("stuck", case.name, words)
        if drop is not None and drop["state"] != "rejected":
            yield from unfinished_jobs(case, evidence)
    for run in evidence.running:
        yield Breach("stuck", run, "its execution still runs")
    for run in evidence.executions:
        job_id, _, number = run.rpartition("-")
        last = evidence.jobs.get(job_id, {}).get("last_run", 0)
        if not number.isdecimal() or not 0 < int(number) <= last:
            yield Breach("stuck", run, "an execution that is no run of any job")
    for queue, count in evidence.messages.items():
        if count:
            yield Breach("stuck", queue, f"{count} messages are left")


def unfinished_jobs(case: Expectation, evidence: Evidence) -> Iterator[Breach]:
    for job_id in case.job_ids:
        job = evidence.jobs.get(job_id)
        if job is None:
            yield Breach("stuck", job_id, f"{case.name} was accepted without this job")
        elif job["state"] not in ENDS:
            yield Breach("stuck", job_id, f"{case.name} is still {job['state']}")
        elif "open_run" in job or "token" in job:
            yield Breach("stuck", job_id, f"{case.name} is {job['state']}, its run is open")


def untold(evidence: Evidence) -> Iterator[Breach]:
    """Laws 3 and 4, the telling: receipt and events say the end, without a gap, once by id."""
    heard = heard_by_subject(evidence)
    for case in evidence.cases:
        yield from untold_drop(case, evidence, heard[case.drop_id])
        for job_id in case.job_ids if is_accepted(case, evidence) else ():
            if job_id in evidence.jobs:
                yield from untold_job(job_id, evidence.jobs[job_id], heard[job_id])
    for event_id, contents in contents_by_id(evidence).items():
        if len(contents) > 1:
            yield Breach("untold", event_id, "one event id was told with two contents")


def untold_drop(
    case: Expectation, evidence: Evidence, heard: list[dict[str, Any]]
) -> Iterator[Breach]:
    accepted = is_accepted(case, evidence)
    wanted = {"Manifest Accepted", "Manifest Completed"} if accepted else {"Manifest Rejected"}
    told = {event["detail-type"] for event in heard}
    if told != wanted:
        yield Breach("untold", case.name, f"told {sorted(told)}, not {sorted(wanted)}")
    for event in heard:
        ends = event["detail"].get("ends")
        if ends is not None and sum(ends.values()) != len(case.job_ids):
            words = f"told as completed when its {len(case.job_ids)} jobs had ended as {ends}"
            yield Breach("untold", case.name, words)
    own = evidence.receipts.get(case.drop_id, {})
    yield from untold_receipt("its receipt", own, case.drop_id, case, evidence)
    newest = evidence.newest_receipts.get(case.key, {})
    named = newest.get("drop_id", "")
    yield from untold_receipt("its manifest's receipt", newest, named, case, evidence)


def untold_receipt(
    what: str, receipt: dict[str, Any], drop_id: str, case: Expectation, evidence: Evidence
) -> Iterator[Breach]:
    """Hold a receipt to the drop that it tells of; a manifest's may tell of another drop of it."""
    drop = evidence.drops.get(drop_id)
    if drop is None or receipt.get("drop_id") != drop_id:
        yield Breach("untold", case.name, f"{what} tells of {receipt.get('drop_id')}")
        return
    end = "rejected" if drop["state"] == "rejected" else "completed"
    if receipt["state"] != end:
        yield Breach("untold", case.name, f"{what} says {receipt['state']}, not {end}")
        return
    for line in receipt["jobs"]:
        state = evidence.jobs.get(line["id"], {}).get("state")
        if line["state"] != state:
            words = f"{what} says {line['state']} of a job that is {state}"
            yield Breach("untold", line["id"], words)


def untold_job(job_id: str, job: Row, heard: list[dict[str, Any]]) -> Iterator[Breach]:
    numbers = {event["detail"]["sequence"] for event in heard}
    if numbers != set(range(1, job["sequence"] + 1)):
        yield Breach("untold", job_id, f"heard {sorted(numbers)} of {job['sequence']} events")
    outcomes = {
        event["detail"]["event_id"]: event["detail-type"]
        for event in heard
        if event["detail-type"] in OUTCOMES.values()
    }
    wanted = [OUTCOMES[job["state"]]] if job["state"] in OUTCOMES else []
    if list(outcomes.values()) != wanted:
        yield Breach("untold", job_id, f"is {job['state']}, told as {list(outcomes.values())}")
    if job["state"] == "unconfirmed" and job.get("charged") != "unknown":
        yield Breach("untold", job_id, f"is unconfirmed and says charged: {job.get('charged')}")


def credit_drift(evidence: Evidence) -> Iterator[Breach]:
    """Law 3, the money: reserved is what unconfirmed jobs keep, charged is what is in the books."""
    jobs = evidence.jobs.values()
    kept = sum(job["reserved"] for job in jobs)
    for job in jobs:
        if job["state"] != "unconfirmed" and job["reserved"]:
            words = f"is {job['state']} and still reserves {job['reserved']}"
            yield Breach("credit_drift", job["id"], words)
    for name, wanted in (("reserved", kept), ("charged", known_charges(evidence))):
        found = sum(day.get(name, 0) for day in evidence.days)
        if found != wanted:
            words = f"the ledger holds {found} units as {name}, the jobs make {wanted}"
            yield Breach("credit_drift", name, words)


def known_charges(evidence: Evidence) -> int:
    """Add up what each job that has ended must have been charged."""
    tasks = {task.id: task for task in evidence.tasks}
    ended = [job for job in evidence.jobs.values() if job["state"] in OUTCOMES]
    given_up: int = sum(job.get("spent", 0) for job in evidence.jobs.values())
    last: int = sum(charge_of_last_attempt(job, tasks.get(job.get("task_id", ""))) for job in ended)
    return given_up + last


def charge_of_last_attempt(job: Row, task: Task | None) -> int:
    """Return what the provider charged, or what was reserved where the job cannot know it.

    A job that gave an unknown attempt up for another never knows its sum again,
    even when the other is known to have failed, unbilled.
    """
    fails_after_another = task is not None and task.is_unbilled_failure and job.get("spent", 0) > 0
    if job.get("charged") == "unknown" and not fails_after_another:
        estimate: int = job["estimate"]
        return estimate
    return 0 if task is None else task.charged


LAWS: tuple[Law, ...] = (paid_twice, lost, not_as_expected, stuck, untold, credit_drift)


def breaches(evidence: Evidence) -> list[Breach]:
    return [breach for law in LAWS for breach in law(evidence)]


def is_accepted(case: Expectation, evidence: Evidence) -> bool:
    return evidence.drops.get(case.drop_id, {}).get("state") != "rejected"


def tasks_by_job(evidence: Evidence) -> dict[str, list[Task]]:
    found: dict[str, list[Task]] = defaultdict(list)
    for task in sorted(evidence.tasks, key=lambda task: task.created):
        found[task.job_id].append(task)
    return found


def heard_by_subject(evidence: Evidence) -> dict[str, list[dict[str, Any]]]:
    """Sort the events by job, or by drop where they tell of none."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for event in evidence.events:
        detail = event["detail"]
        job, manifest = detail.get("job", {}), detail.get("manifest", {})
        about = job.get("id") or manifest.get("drop_id", "")
        found[about].append(event)
    return found


def contents_by_id(evidence: Evidence) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for event in evidence.events:
        found[event["detail"]["event_id"]].add(f"{event['detail-type']} {event['detail']}")
    return found
