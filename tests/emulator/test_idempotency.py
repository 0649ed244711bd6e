"""Contract 8.2 and 11.10: the ledger of idempotency keys, off and on."""

from tests.emulator.harness import Running

HEADERS = {"Idempotency-Key": "run_0123456789abcdef"}


def test_8_2_with_the_ledger_off_the_key_is_ignored_and_duplicates_are_created(
    emulator: Running,
) -> None:
    first = emulator.create(headers=HEADERS)
    second = emulator.create(headers=HEADERS)
    assert first.json()["id"] != second.json()["id"]
    assert "idempotency-replayed" not in second.headers
    assert emulator.book(first.json()["id"])["idempotency_key"] == HEADERS["Idempotency-Key"]


def test_8_2_with_the_ledger_on_the_same_call_is_replayed_and_charged_once(
    emulator: Running,
) -> None:
    emulator.switch(idempotency_ledger=True)
    before = emulator.credits()
    headers = {"Idempotency-Key": "replayed"}
    first = emulator.create(headers=headers)
    second = emulator.create(headers=headers)
    assert second.json() == first.json()
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert before - emulator.credits() == 13.5


def test_8_2_the_same_key_with_another_request_is_a_conflict(emulator: Running) -> None:
    emulator.switch(idempotency_ledger=True)
    headers = {"Idempotency-Key": "conflicting"}
    emulator.create(headers=headers)
    refused = emulator.create(duration=6, headers=headers)
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "idempotency_conflict"
    assert emulator.create(headers=headers, key="sk-stranger").status_code == 200


def test_8_2_the_ledger_forgets_a_key_after_its_time(emulator: Running) -> None:
    emulator.switch(idempotency_ledger=True)
    headers = {"Idempotency-Key": "forgotten"}
    first = emulator.create(headers=headers).json()
    emulator.advance(90_000)
    assert emulator.create(headers=headers).json()["id"] != first["id"]


def test_8_2_a_refused_call_leaves_its_key_free(emulator: Running) -> None:
    emulator.switch(idempotency_ledger=True, balance=0)
    headers = {"Idempotency-Key": "refused"}
    assert emulator.create(headers=headers).status_code == 402
    emulator.switch(balance=100)
    assert emulator.create(headers=headers).status_code == 200
