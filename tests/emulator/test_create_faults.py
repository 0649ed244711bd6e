"""Contract 11: faults of the create call, armed over HTTP and seen by a plain client."""

import httpx
import pytest

from tests.emulator.harness import Running


def total(emulator: Running) -> int:
    return int(emulator.get("/v1/tasks").json()["total"])


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 429, 500, 502, 503])
def test_http_answers_any_status_and_creates_nothing(emulator: Running, status: int) -> None:
    before = total(emulator)
    emulator.arm("create", "http", status=status)
    response = emulator.create()
    assert response.status_code == status
    assert isinstance(response.json()["error"]["code"], str)
    assert total(emulator) == before
    assert emulator.create().status_code == 200


@pytest.mark.parametrize(
    "code", ["insufficient_quota", "insufficient_token_quota", "token_daily_quota_exceeded"]
)
def test_http_can_carry_any_code_and_message(emulator: Running, code: str) -> None:
    emulator.arm("create", "http", status=402, code=code, message="No. (request id: abc)")
    error = emulator.create().json()["error"]
    assert (error["code"], error["type"]) == (code, "insufficient_quota")
    assert error["message"] == "No. (request id: abc)"


def test_http_can_be_of_style_b_and_bring_retry_after_or_not(emulator: Running) -> None:
    emulator.arm("create", "http", status=429, style="B", retry_after=3)
    response = emulator.create()
    assert response.json()["error"]["code"] == 429
    assert response.headers["retry-after"] == "3"
    emulator.arm("create", "http", status=429)
    assert "retry-after" not in emulator.create().headers


def test_html_and_empty_bodies_are_no_json(emulator: Running) -> None:
    emulator.arm("create", "html", status=503)
    page = emulator.create()
    assert (page.status_code, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
    emulator.arm("create", "empty", status=200)
    empty = emulator.create()
    assert (empty.status_code, empty.content) == (200, b"")


def test_slow_creates_and_charges_and_answers_past_the_clients_limit(emulator: Running) -> None:
    emulator.arm("create", "slow", seconds=1)
    before = total(emulator)
    emulator.client.timeout = httpx.Timeout(0.3)
    try:
        with pytest.raises(httpx.ReadTimeout):
            emulator.create()
    finally:
        emulator.client.timeout = httpx.Timeout(30)
    assert total(emulator) == before + 1


def test_lost_answer_creates_and_charges_and_cuts_the_connection(emulator: Running) -> None:
    emulator.arm("create", "lost_answer")
    before, money = total(emulator), emulator.credits()
    with pytest.raises(httpx.TransportError):
        emulator.create()
    assert total(emulator) == before + 1
    assert money - emulator.credits() == 13.5


def test_a_lost_answer_can_be_fetched_again_by_its_key_when_the_ledger_is_on(
    emulator: Running,
) -> None:
    emulator.switch(idempotency_ledger=True)
    emulator.arm("create", "lost_answer")
    before, headers = total(emulator), {"Idempotency-Key": "lost-and-found"}
    with pytest.raises(httpx.TransportError):
        emulator.create(headers=headers)
    assert emulator.create(headers=headers).headers["idempotency-replayed"] == "true"
    assert total(emulator) == before + 1


def test_reset_before_creates_nothing(emulator: Running) -> None:
    emulator.arm("create", "reset_before")
    before, money = total(emulator), emulator.credits()
    with pytest.raises(httpx.TransportError):
        emulator.create()
    assert (total(emulator), emulator.credits()) == (before, money)


def test_no_id_answers_200_for_a_task_that_exists(emulator: Running) -> None:
    emulator.arm("create", "no_id")
    before = total(emulator)
    response = emulator.create()
    assert response.status_code == 200
    assert "id" not in response.json()
    assert total(emulator) == before + 1


def test_a_fault_strikes_as_often_as_armed_and_only_what_it_matches(emulator: Running) -> None:
    emulator.arm("create", "http", status=500, times=2, match={"prompt": "storm"})
    found = [emulator.create(p).status_code for p in ("calm", "a storm", "storm", "storm")]
    assert found == [200, 500, 500, 200]


def test_a_fault_can_strike_until_cleared(emulator: Running) -> None:
    emulator.arm("create", "http", status=500, times=None)
    assert [emulator.create().status_code for _ in range(3)] == [500] * 3
    assert emulator.request("DELETE", "/_emulator/faults").json() == {"cleared": 1}
    assert emulator.create().status_code == 200


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        ({"api_key": "sk-main"}, True),
        ({"api_key": "sk-stranger"}, False),
        ({"idempotency_key": "this-one"}, True),
        ({"callback_url": "/token-7/"}, True),
        ({"callback_url": "/token-8/", "prompt": "harbour"}, False),
    ],
)
def test_a_fault_matches_by_key_idempotency_key_prompt_and_callback_url(
    emulator: Running, match: dict[str, str], fits: bool
) -> None:
    emulator.arm("create", "http", status=500, match=match)
    response = emulator.create(
        callback_url="https://9.9.9.9/token-7/x", headers={"Idempotency-Key": "this-one"}
    )
    assert (response.status_code == 500) is fits


def test_armed_faults_are_listed_with_what_is_left_of_them(emulator: Running) -> None:
    emulator.arm("create", "http", status=500, times=3)
    emulator.create()
    (listed,) = emulator.get("/_emulator/faults").json()["faults"]
    assert (listed["on"], listed["kind"], listed["times"], listed["left"]) == (
        *("create", "http"),
        *(3, 2),
    )


@pytest.mark.parametrize(
    "fault",
    [
        {"on": "create", "kind": "stuck"},
        {"on": "nowhere", "kind": "http"},
        {"on": "create", "kind": "http"},
        {"on": "create", "kind": "http", "status": 99},
        {"on": "create", "kind": "slow", "times": 0},
        {"on": "create", "kind": "slow", "match": {"colour": "red"}},
        {"on": "create", "kind": "slow", "extra": 1},
        {},
    ],
)
def test_a_fault_that_is_not_known_is_refused(emulator: Running, fault: object) -> None:
    response = emulator.request("POST", "/_emulator/faults", json=fault)
    assert response.status_code == 400
    assert response.json()["error"]["message"]
