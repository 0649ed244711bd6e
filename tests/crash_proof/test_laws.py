"""Each law notices its own breach in evidence that is sound but for it."""

from dataclasses import replace
from typing import Any

import pytest

from crash_proof.evidence import Evidence, Expectation, Task
from crash_proof.laws import breaches, known_charges

JOB, DROP, KEY = "j" * 32, "d" * 16, "manifests/a/m.json"


def task(**changes: Any) -> Task:
    url = f"http://host/callbacks/{JOB}/1/key/proof"
    made = Task("task-1", "p", url, 1, 9, "completed", 500, told=True, film="sha")
    return replace(made, **changes)


def job(**changes: Any) -> dict[str, Any]:
    made = {
        "id": JOB,
        "state": "archived",
        "task_id": "task-1",
        "folder": "videos/a/m/v",
        "sequence": 2,
        "published": 2,
        "reserved": 0,
        "reason": "archived",
    }
    return {**made, **changes}


def event(kind: str, sequence: int, **detail: Any) -> dict[str, Any]:
    about = {"job": {"id": JOB}, "event_id": f"{JOB}-{sequence}", "sequence": sequence}
    return {"detail-type": kind, "detail": {**about, **detail}}


def drop_event(kind: str, **more: Any) -> dict[str, Any]:
    detail = {"manifest": {"drop_id": DROP}, "event_id": f"{DROP}-{kind}", "sequence": 1}
    return {"detail-type": kind, "detail": {**detail, **more}}


def receipt(job_state: str = "archived", **changes: Any) -> dict[str, Any]:
    jobs = [{"id": JOB, "state": job_state}]
    return {"drop_id": DROP, "state": "completed", "jobs": jobs, **changes}


TOLD = (
    drop_event("Manifest Accepted"),
    event("Video Submitted", 1),
    event("Video Archived", 2),
    drop_event("Manifest Completed", ends={"archived": 1, "failed": 0}),
)


def evidence(**changes: Any) -> Evidence:
    sound = Evidence(
        cases=(Expectation("a", KEY, DROP, (JOB,), frozenset({"archived"})),),
        tasks=(task(),),
        jobs={JOB: job()},
        drops={DROP: {"id": DROP, "state": "completed"}},
        days=({"reserved": 0, "charged": 500},),
        receipts={DROP: receipt()},
        newest_receipts={KEY: receipt()},
        events=TOLD,
        archive={"videos/a/m/v/video.mp4": "sha"},
    )
    return replace(sound, **changes)


def laws_broken(found: Evidence) -> set[str]:
    return {breach.law for breach in breaches(found)}


def second(**changes: Any) -> Task:
    url = f"http://host/callbacks/{JOB}/2/key/proof"
    return task(id="task-2", callback_url=url, created=20, ended=29, told=False, **changes)


def test_sound_evidence_breaks_no_law() -> None:
    assert breaches(evidence()) == []


def test_a_repeated_event_is_no_breach() -> None:
    assert breaches(evidence(events=(*TOLD, TOLD[2]))) == []


def test_an_unbilled_failure_allows_the_next_attempt() -> None:
    failed = task(id="task-0", created=0, ended=0.5, status="failed", charged=0, film=None)
    bought = replace(second(), told=True, film="sha")
    jobs = {JOB: job(task_id="task-2")}
    assert laws_broken(evidence(tasks=(failed, bought), jobs=jobs)) == set()


@pytest.mark.parametrize(
    "tasks",
    [
        (task(), task(id="task-2", created=2)),
        (task(), second()),
        (task(id="task-0", status="failed", charged=0, ended=30, created=0), second()),
    ],
    ids=["one attempt twice", "bought after a paid one", "bought before the failure"],
)
def test_paying_twice_is_noticed(tasks: tuple[Task, ...]) -> None:
    assert "paid_twice" in laws_broken(evidence(tasks=tasks))


@pytest.mark.parametrize(
    "changes",
    [
        {"archive": {}},
        {"archive": {"videos/a/m/v/video.mp4": "other bytes"}},
        {"jobs": {JOB: job(state="failed", reason="failed")}},
        {"jobs": {JOB: job(state="unconfirmed", task_id=None, charged="unknown", reserved=5)}},
        {"jobs": {}},
    ],
    ids=["nothing archived", "other bytes", "failed", "told by callback", "forgotten"],
)
def test_a_lost_video_is_noticed(changes: dict[str, Any]) -> None:
    assert "lost" in laws_broken(evidence(**changes))


def test_what_the_provider_never_hands_out_is_no_loss() -> None:
    case = Expectation("a", KEY, DROP, (JOB,), frozenset({"failed"}), no_video=True)
    shown = {"receipts": {DROP: receipt("failed")}, "newest_receipts": {KEY: receipt("failed")}}
    told = (*TOLD[:2], event("Video Failed", 2), TOLD[3])
    jobs = {JOB: job(state="failed", reason="task_gone", charged="unknown", estimate=500)}
    assert breaches(evidence(cases=(case,), jobs=jobs, events=told, **shown)) == []


def test_a_manifests_receipt_may_tell_of_another_drop_of_it_and_then_tells_the_truth() -> None:
    drops = {**evidence().drops, "gone": {"id": "gone", "state": "rejected"}}
    newest = receipt(drop_id="gone", state="rejected", jobs=[])
    assert breaches(evidence(drops=drops, newest_receipts={KEY: newest})) == []
    untrue = {**newest, "state": "completed"}
    assert laws_broken(evidence(drops=drops, newest_receipts={KEY: untrue})) == {"untold"}


def test_a_rejection_that_nothing_explains_is_noticed() -> None:
    assert "lost" in laws_broken(evidence(drops={DROP: {"id": DROP, "state": "rejected"}}))


@pytest.mark.parametrize(
    "changes",
    [
        {"drops": {}},
        {"drops": {DROP: {"id": DROP, "state": "accepted"}}},
        {"jobs": {JOB: job(state="submitted")}},
        {"jobs": {JOB: job(open_run=2)}},
        {"jobs": {JOB: job(token="t")}},
        {"running": frozenset({f"{JOB}-1"})},
        {"executions": frozenset({f"{JOB}-2"})},
        {"executions": frozenset({f"{JOB}-abc"})},
        {"messages": {"jobs": 1}},
    ],
    ids=[
        *("no drop", "open drop", "open job", "open run", "armed wait"),
        *("execution", "run too many", "no run", "message"),
    ],
)
def test_whatever_is_left_running_waiting_or_locked_is_noticed(changes: dict[str, Any]) -> None:
    assert "stuck" in laws_broken(evidence(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"events": TOLD[1:]},
        {"events": TOLD[:-1]},
        {"events": (TOLD[0], *TOLD[2:])},
        {"events": (*TOLD[:-1], drop_event("Manifest Completed", ends={"archived": 0}))},
        {"events": (*TOLD, event("Video Archived", 2, credits=7))},
        {"events": (*TOLD, event("Video Failed", 3))},
        {"receipts": {}},
        {"receipts": {DROP: receipt(state="accepted", jobs=[])}},
        {"receipts": {DROP: receipt("failed")}},
        {"receipts": {DROP: receipt(drop_id="another")}},
        {"newest_receipts": {}},
        {"newest_receipts": {KEY: receipt(state="accepted", jobs=[])}},
        {"newest_receipts": {KEY: receipt("failed")}},
        {"newest_receipts": {KEY: receipt(drop_id="of nobody")}},
    ],
    ids=[
        *("not accepted", "not completed", "a gap", "completed too early"),
        *("two contents", "two ends"),
        *("no receipt", "old receipt", "untrue receipt", "another's receipt"),
        *("none newest", "old newest", "untrue newest", "nobody's newest"),
    ],
)
def test_what_is_told_wrongly_or_not_at_all_is_noticed(changes: dict[str, Any]) -> None:
    assert "untold" in laws_broken(evidence(**changes))


def test_an_unconfirmed_job_must_say_that_its_charge_is_unknown() -> None:
    jobs = {JOB: job(state="unconfirmed", task_id=None, charged="no", reserved=5)}
    assert "untold" in laws_broken(evidence(jobs=jobs))


@pytest.mark.parametrize(
    "changes",
    [
        {"days": ({"reserved": 1, "charged": 500},)},
        {"days": ({"reserved": 0, "charged": 501},)},
        {"jobs": {JOB: job(reserved=5)}},
    ],
    ids=["reserved", "charged", "kept by an ended job"],
)
def test_a_drift_of_a_single_unit_is_noticed(changes: dict[str, Any]) -> None:
    assert "credit_drift" in laws_broken(evidence(**changes))


def test_what_was_given_up_is_charged_once_when_its_successor_fails_unbilled() -> None:
    failed = task(status="failed", charged=0, film=None)
    forced = job(state="failed", charged="unknown", spent=500, estimate=500)
    assert known_charges(evidence(tasks=(failed,), jobs={JOB: forced})) == 500
    bought = replace(failed, status="completed", charged=480)
    archived = {**forced, "state": "archived", "charged": "yes"}
    assert known_charges(evidence(tasks=(bought,), jobs={JOB: archived})) == 980
