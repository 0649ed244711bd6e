"""Contract 7: the price to the unit, reserved, settled and released."""

from decimal import Decimal

import pytest

from provider_emulator.billing import load_prices, uc_of
from tests.emulator.harness import MODEL, Running

# Contract 7.2: output seconds, quality, input video seconds, uc, uc with the relaxed filter.
CHECK_VALUES = [
    (4, "480p", None, 50_220, 55_242),
    (5, "480p", None, 62_775, 69_053),
    (5, "720p", None, 135_000, 148_500),
    (10, "720p", None, 270_000, 297_000),
    (15, "720p", None, 405_000, 445_500),
    (4, "480p", "2", 61_344, 67_478),
    (10, "720p", "5", 328_860, 361_746),
    (5, "720p", "12.34", 286_108, 314_719),
    (15, "720p", "15", 493_290, 542_619),
]


@pytest.mark.parametrize(("seconds", "quality", "video", "uc", "relaxed_uc"), CHECK_VALUES)
def test_7_2_the_price_meets_the_published_check_values(
    seconds: int, quality: str, video: str | None, uc: int, relaxed_uc: int
) -> None:
    price = load_prices()[MODEL]
    given = Decimal(video) if video else None
    found = [
        price.charge(quality=quality, seconds=seconds, input_seconds=given, content_filter=kept)
        for kept in (True, False)
    ]
    assert found == [uc, relaxed_uc]


def test_7_2_no_charge_is_below_the_minimum() -> None:
    price = load_prices()[MODEL]
    charge = price.charge(quality="480p", seconds=1, input_seconds=None, content_filter=True)
    assert charge == 50_004


@pytest.mark.parametrize(
    ("seconds", "quality", "content_filter", "uc"),
    [
        (seconds, quality, kept, relaxed if not kept else uc)
        for seconds, quality, video, uc, relaxed in CHECK_VALUES
        if video is None
        for kept in (True, False)
    ],
)
def test_7_1_a_completed_task_states_and_books_its_charge(
    emulator: Running, seconds: int, quality: str, content_filter: bool, uc: int
) -> None:
    before = emulator.credits()
    task = emulator.created(duration=seconds, quality=quality, content_filter=content_filter)
    assert task["usage"]["billing_rule"] == "per_second"
    assert task["usage"]["credits_reserved"] == uc / 10_000
    done = emulator.ended(task["id"])
    assert done["usage"]["credits_used"] == uc / 10_000
    assert uc_of(before) - uc_of(emulator.credits()) == uc


def test_7_4_credits_are_held_back_while_a_task_runs_and_given_back_when_it_fails(
    emulator: Running,
) -> None:
    emulator.arm("task", "fail", code="content_policy_violation")
    emulator.switch(pending_seconds=100_000)
    before = emulator.credits()
    task = emulator.created(duration=10)
    assert before - emulator.credits() == pytest.approx(27)
    emulator.advance(200_000)
    failed = emulator.ended(task["id"])
    assert failed["status"] == "failed"
    assert "credits_used" not in failed["usage"]
    assert emulator.credits() == before
    book = emulator.book(task["id"])
    assert (book["credits_reserved"], book["credits_charged"]) == (27, 0)


def test_7_4_a_reserve_assumes_the_longest_input_video_and_is_settled_on_what_was_measured(
    emulator: Running,
) -> None:
    url = "https://203.0.113.7/never-fetched.mp4"
    task = emulator.created(duration=5, video_urls=[url])
    assert task["usage"]["credits_reserved"] == 32.886
    emulator.switch(reserved_input_seconds=0)
    assert emulator.created(duration=5, video_urls=[url])["usage"]["credits_reserved"] == 16.443


def test_5_2_an_account_without_money_gets_402_and_nothing_is_created(emulator: Running) -> None:
    emulator.switch(balance=13)
    before = emulator.get("/v1/tasks").json()["total"]
    refused = emulator.create(duration=5)
    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (402, "insufficient_quota")
    assert error["type"] == "insufficient_quota"
    assert (error["account_balance_credits"], error["estimated_credits"]) == (13, 13.5)
    assert emulator.get("/v1/tasks").json()["total"] == before


def test_5_2_a_key_at_its_own_limit_gets_402_with_its_figures(emulator: Running) -> None:
    emulator.created(duration=5, key="sk-small")
    refused = emulator.create(duration=5, key="sk-small")
    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (402, "insufficient_token_quota")
    assert (error["total_limit_credits"], error["remaining_credits"]) == (20, 6.5)
    token = emulator.get("/v1/credits", key="sk-small").json()["data"]["token"]
    assert token["unlimited_credits"] is False


def test_5_2_a_key_at_its_daily_limit_gets_402_until_midnight(emulator: Running) -> None:
    emulator.stop_clock()
    emulator.created(duration=5, key="sk-daily")
    refused = emulator.create(duration=5, key="sk-daily")
    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (402, "token_daily_quota_exceeded")
    assert (error["daily_limit_credits"], error["daily_used_credits"]) == (20, 13.5)
    assert error["reset_timezone"] == "UTC"
    emulator.advance(86_400)
    assert emulator.create(duration=5, key="sk-daily").status_code == 200


def test_7_4_credits_has_the_published_shape(emulator: Running) -> None:
    body = emulator.get("/v1/credits").json()
    assert body["success"] is True
    assert set(body["data"]["user"]) == {"remaining_credits", "used_credits"}
    assert body["data"]["token"]["unlimited_credits"] is True


@pytest.mark.parametrize(
    ("place", "names"), [("cost", {"cost"}), ("both", {"cost", "credits_used"}), ("none", set())]
)
def test_4_1_the_final_charge_stands_where_the_switch_says(
    emulator: Running, place: str, names: set[str]
) -> None:
    emulator.switch(final_charge=place)
    usage = emulator.finished()["usage"]
    assert set(usage) - {"billing_rule", "user_group"} == names
    if "cost" in names:
        assert usage["cost"] == {"credits": 13.5, "usd": 0.1985, "cny": 1.35}


def test_4_1_the_billing_object_proves_a_refund_when_switched_on(emulator: Running) -> None:
    emulator.switch(billing_object=True)
    emulator.arm("task", "fail", code="service_error")
    billing = emulator.finished()["billing"]
    assert (billing["charge_status"], billing["refund_status"]) == ("released", "completed")
    assert billing["refunded_credits"] == 13.5
    assert emulator.finished()["billing"]["charge_status"] == "charged"
