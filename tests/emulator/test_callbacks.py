"""Contract 6: when callbacks are sent, where they may go, and how they are retried."""

import itertools
import time
from typing import Any

import pytest

from tests.emulator.harness import Neighbour, Running, wait_for


def test_6_a_callback_brings_the_task_as_the_query_answers_it(
    emulator: Running, beside: Neighbour
) -> None:
    task_id = emulator.created(callback_url=f"{beside.url}/hook")["id"]
    emulator.callbacks(task_id, 1)
    assert beside.bodies("/hook") == [emulator.read(task_id)]
    assert beside.bodies("/hook")[0]["status"] == "completed"


def test_6_a_failed_task_is_told_too_and_no_state_before_its_end(
    emulator: Running, beside: Neighbour
) -> None:
    emulator.arm("task", "fail", code="service_error")
    task_id = emulator.created(callback_url=f"{beside.url}/hook-failed")["id"]
    emulator.callbacks(task_id, 1)
    assert [body["status"] for body in beside.bodies("/hook-failed")] == ["failed"]
    assert beside.bodies("/hook-failed")[0]["error"]["type"] == "task_error"


def test_6_a_cancelled_task_is_told(emulator: Running, beside: Neighbour) -> None:
    emulator.arm("task", "cancel")
    task_id = emulator.created(callback_url=f"{beside.url}/hook-cancelled")["id"]
    emulator.callbacks(task_id, 1)
    assert [body["status"] for body in beside.bodies("/hook-cancelled")] == ["cancelled"]


def test_6_a_callback_is_sent_after_billing(emulator: Running, beside: Neighbour) -> None:
    before = emulator.credits()
    task_id = emulator.created(callback_url=f"{beside.url}/hook-billed")["id"]
    wait_for(lambda: bool(beside.bodies("/hook-billed")))
    assert before - emulator.credits() == 13.5
    assert beside.bodies("/hook-billed")[0]["usage"]["credits_used"] == 13.5
    emulator.callbacks(task_id, 1)


@pytest.mark.parametrize("status", [200, 201, 204])
def test_6_any_2xx_is_success(emulator: Running, beside: Neighbour, status: int) -> None:
    beside.statuses.append(status)
    task_id = emulator.created(callback_url=f"{beside.url}/hook-{status}")["id"]
    (attempt,) = emulator.callbacks(task_id, 1)
    assert (attempt["status"], attempt["attempt"]) == (status, 1)


def test_6_everything_else_is_retried_three_times_and_then_given_up(
    emulator: Running, beside: Neighbour
) -> None:
    beside.statuses += [500, 302, 404, 503, 200]
    task_id = emulator.created(callback_url=f"{beside.url}/hook-retried")["id"]
    attempts = emulator.callbacks(task_id, 4)
    assert [each["status"] for each in attempts] == [500, 302, 404, 503]
    time.sleep(0.6)
    assert len(emulator.callbacks(task_id, 4)) == 4
    assert beside.statuses == [200]


def test_6_a_retry_that_succeeds_is_the_last(emulator: Running, beside: Neighbour) -> None:
    beside.statuses += [500]
    task_id = emulator.created(callback_url=f"{beside.url}/hook-again")["id"]
    attempts = emulator.callbacks(task_id, 2)
    assert [each["status"] for each in attempts] == [500, 200]


def test_6_the_published_waits_are_1_2_and_4_seconds_and_may_run_on_the_emulators_clock(
    emulator: Running, beside: Neighbour
) -> None:
    beside.statuses += [500] * 4
    emulator.switch(callback_waits=[1, 2, 4], callback_wait_clock="emulator")
    emulator.request("POST", "/_emulator/clock", json={"speed": 20})
    emulator.switch(pending_seconds=0, processing_seconds=0)
    task_id = emulator.created(callback_url=f"{beside.url}/hook-waits")["id"]
    times = [each["at"] for each in emulator.callbacks(task_id, 4)]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert [pytest.approx(gap, abs=0.9) for gap in gaps] == [1, 2, 4]
    assert all(gap >= wait for gap, wait in zip(gaps, [1, 2, 4], strict=True))


def test_6_a_receiver_that_takes_too_long_is_given_up_and_retried(
    emulator: Running, beside: Neighbour
) -> None:
    beside.delay = 0.5
    emulator.switch(callback_timeout_seconds=0.2, callback_waits=[0.01])
    task_id = emulator.created(callback_url=f"{beside.url}/hook-slow")["id"]
    attempts = emulator.callbacks(task_id, 2)
    assert [each["error"] for each in attempts] == ["no answer within 0.2 s"] * 2


def test_6_a_receiver_that_is_not_there_is_noted(emulator: Running, beside: Neighbour) -> None:
    emulator.switch(callback_waits=[])
    url = f"http://hooks.localhost:{beside.port}/hook"
    task_id = emulator.created(callback_url=url)["id"]
    (attempt,) = emulator.callbacks(task_id, 1)
    assert attempt["status"] == 200
    assert attempt["url"] == url


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "ftp://example.com/hook",
        "https://127.0.0.1/hook",
        "https://localhost/hook",
        "https://deep.localhost/hook",
        "https://10.1.2.3/hook",
        "https://172.16.0.1/hook",
        "https://172.31.255.255/hook",
        "https://192.168.1.1/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/hook",
        "https://0.0.0.0/hook",
        "https://[::1]/hook",
        "https://[fd00::1]/hook",
        "https://[fe80::1]/hook",
        "https://[::ffff:127.0.0.1]/hook",
        "https://127.1/hook",
        "https://2130706433/hook",
        "https://0x7f000001/hook",
        "https://224.0.0.1/hook",
        "https:///hook",
        "https://[::1/hook",
        "https://example.com:99999/hook",
        "hook",
        "//example.com/hook",
    ],
)
def test_6_only_https_to_public_addresses_is_taken(emulator: Running, url: str) -> None:
    response = emulator.create(callback_url=url)
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (400, "invalid_request")
    assert error["param"] == "callback_url"


@pytest.mark.parametrize(("length", "status"), [(2048, 200), (2049, 400)])
def test_6_a_callback_url_has_at_most_2048_characters(
    emulator: Running, length: int, status: int
) -> None:
    url = "https://203.0.113.7/".replace("203.0.113.7", "9.9.9.9")
    emulator.switch(callbacks=False)
    response = emulator.create(callback_url=url + "x" * (length - len(url)))
    assert response.status_code == status


@pytest.mark.parametrize("value", [5, "", ["https://9.9.9.9"], {}])
def test_6_a_callback_url_is_a_string(emulator: Running, value: Any) -> None:
    assert emulator.create(callback_url=value).status_code == 400


def test_6_callbacks_can_be_switched_off(emulator: Running, beside: Neighbour) -> None:
    emulator.switch(callbacks=False)
    task_id = emulator.created(callback_url=f"{beside.url}/hook-off")["id"]
    (attempt,) = emulator.callbacks(task_id, 1)
    assert attempt["error"] == "callbacks are switched off"
    assert beside.bodies("/hook-off") == []


def test_6_the_control_lists_each_attempt_with_task_url_and_time(
    emulator: Running, beside: Neighbour
) -> None:
    task_id = emulator.created(callback_url=f"{beside.url}/hook-listed")["id"]
    (attempt,) = emulator.callbacks(task_id, 1)
    assert attempt["task_id"] == task_id
    assert attempt["url"] == f"{beside.url}/hook-listed"
    assert attempt["at"] >= emulator.read(task_id)["created"]
    assert attempt["took_seconds"] >= 0
