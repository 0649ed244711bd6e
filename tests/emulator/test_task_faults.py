"""Contract 11: faults of tasks and of reading them, armed over HTTP and seen from outside."""

import time

import pytest

from tests.emulator.harness import Running, wait_for

BUSINESS_CODES = (
    *("content_policy_violation", "invalid_parameters", "image_processing_error"),
    *("image_dimension_mismatch", "request_cancelled", "generation_failed_no_content"),
    *("service_error", "generation_timeout", "resource_exhausted", "quota_exceeded"),
    *("service_unavailable", "resource_not_found", "unknown_error", "invalid_audio"),
    *("model_unavailable", "upstream_error", "rate_limited", "channel_off", "never_heard_of"),
)


def states_seen(emulator: Running, task_id: str) -> set[str]:
    wait_for(lambda: emulator.read(task_id)["status"] != "pending")
    return {emulator.read(task_id)["status"]}


@pytest.mark.parametrize("code", BUSINESS_CODES)
def test_fail_ends_a_task_with_any_business_code(emulator: Running, code: str) -> None:
    emulator.switch(pending_seconds=0, processing_seconds=0)
    emulator.arm("task", "fail", code=code)
    failed = emulator.finished()
    assert (failed["status"], failed["error"]["code"]) == ("failed", code)


def test_stuck_stays_in_processing_however_late_it_gets(emulator: Running) -> None:
    emulator.arm("task", "stuck")
    task_id = emulator.created()["id"]
    wait_for(lambda: emulator.read(task_id)["status"] == "processing")
    emulator.advance(1_000_000)
    time.sleep(0.2)
    assert emulator.read(task_id)["status"] == "processing"


def test_regress_lets_progress_go_backwards_until_completion(emulator: Running) -> None:
    emulator.stop_clock()
    emulator.arm("task", "regress")
    task_id = emulator.created()["id"]
    emulator.advance(30)
    wait_for(lambda: emulator.read(task_id)["status"] == "processing")
    early = emulator.read(task_id)["progress"]
    emulator.advance(100)
    assert 1 <= emulator.read(task_id)["progress"] < early
    emulator.advance(100)
    assert emulator.ended(task_id)["progress"] == 100


def test_empty_results_completes_and_charges_without_a_link(emulator: Running) -> None:
    emulator.arm("task", "empty_results")
    done = emulator.finished()
    assert (done["status"], done["results"]) == ("completed", [])
    assert done["usage"]["credits_used"] == 13.5


def test_unknown_status_is_shown_while_the_task_runs(emulator: Running) -> None:
    emulator.stop_clock()
    emulator.arm("task", "unknown_status", status="queued_upstream")
    task_id = emulator.created()["id"]
    emulator.advance(50)
    assert states_seen(emulator, task_id) == {"queued_upstream"}
    emulator.advance(200)
    assert emulator.ended(task_id)["status"] == "completed"


@pytest.mark.parametrize("way", ["switch", "fault"])
def test_cancel_shows_in_both_forms_and_is_not_charged(emulator: Running, way: str) -> None:
    before = emulator.credits()
    emulator.arm("task", "cancel")
    plain = emulator.finished()
    assert plain["status"] == "cancelled"
    if way == "switch":
        emulator.switch(cancelled_form="failed")
        emulator.arm("task", "cancel")
    else:
        emulator.arm("task", "cancel", form="failed")
    failed = emulator.finished()
    assert (failed["status"], failed["error"]["code"]) == ("failed", "request_cancelled")
    assert emulator.credits() == before


def test_gone_is_a_404_and_can_begin_later(emulator: Running) -> None:
    emulator.arm("task", "gone")
    now = emulator.created()["id"]
    assert emulator.get(f"/v1/tasks/{now}").status_code == 404
    emulator.arm("task", "gone", seconds=100_000)
    later = emulator.created()["id"]
    assert emulator.get(f"/v1/tasks/{later}").status_code == 200
    emulator.advance(100_001)
    assert emulator.get(f"/v1/tasks/{later}").status_code == 404


def test_a_fault_that_names_a_running_task_strikes_that_task(emulator: Running) -> None:
    emulator.switch(pending_seconds=100_000)
    struck, spared = emulator.created()["id"], emulator.created()["id"]
    bound = emulator.arm("task", "fail", code="service_error", match={"task_id": struck})
    assert struck in bound["id"]
    emulator.advance(200_000)
    assert emulator.ended(struck)["status"] == "failed"
    assert emulator.ended(spared)["status"] == "completed"


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 429, 500, 503])
def test_read_http_answers_any_status(emulator: Running, status: int) -> None:
    task_id = emulator.created()["id"]
    emulator.arm("read", "http", status=status, retry_after=9)
    response = emulator.get(f"/v1/tasks/{task_id}")
    assert response.status_code == status
    assert response.headers["retry-after"] == "9"
    assert emulator.get(f"/v1/tasks/{task_id}").status_code == 200


def test_4_5_a_429_on_reads_has_its_own_type(emulator: Running) -> None:
    emulator.arm("read", "http", status=429)
    error = emulator.get("/v1/tasks/task-unified-1-a").json()["error"]
    assert (error["code"], error["type"]) == ("rate_limit_exceeded", "evo_api_error")


def test_read_slow_delays_one_read(emulator: Running) -> None:
    task_id = emulator.created()["id"]
    emulator.arm("read", "slow", seconds=0.4, match={"task_id": task_id})
    begun = time.monotonic()
    emulator.read(task_id)
    assert time.monotonic() - begun >= 0.4
