"""What the provider's answers mean, and what is never sent to it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from video_pipeline.adapters.addresses import WebAddress
from video_pipeline.adapters.connections import Call, NoAnswerError, NotConnectedError, TimeLimit
from video_pipeline.adapters.evolink import EvolinkProvider
from video_pipeline.adapters.evolink_wire import Answer, clean
from video_pipeline.domain.answers import (
    AccountRefused,
    AccountTrouble,
    CreateAnswer,
    Created,
    NotSent,
    Refused,
    Unknown,
)
from video_pipeline.domain.errors import ProviderKeyMissingError, ProviderUnavailableError
from video_pipeline.domain.task import Task, TaskGone, TaskStatus

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
KEY = "planted-provider-key"
TASK = "task-unified-1790000000-k3v9x2pa"


class Scripted:
    """An exchange that answers from a script and remembers what it was asked."""

    def __init__(self, outcome: Answer | Exception) -> None:
        self.outcome = outcome
        self.calls: list[Call] = []

    def __call__(self, to: WebAddress, call: Call, limit: TimeLimit) -> Answer:
        assert to.origin == "https://api.evolink.ai:443"
        assert not limit.is_over
        self.calls.append(call)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def provider(exchange: Scripted, key: str = KEY) -> EvolinkProvider:
    return EvolinkProvider(
        "https://api.evolink.ai", lambda: key, 30, 10, exchange=exchange, now=lambda: NOW
    )


def answer(status: int, fields: object, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status, headers or {}, json.dumps(fields).encode())


def created_by(outcome: Answer | Exception) -> CreateAnswer:
    return provider(Scripted(outcome)).create({"prompt": "Tea"}, idempotency_key="k" * 16)


def error(code: object, kind: str = "some_error", message: str = "No.") -> dict[str, object]:
    return {"error": {"code": code, "message": message, "type": kind}}


def read(fields: Mapping[str, object]) -> Task:
    found = provider(Scripted(answer(200, {"id": TASK, **fields}))).read(TASK)
    assert isinstance(found, Task)
    return found


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, "invalid_request", Refused(400, "invalid_request", "No.")),
        (400, "content_policy_violation", Refused(400, "content_policy_violation", "No.")),
        (403, "moderation_blocked", Refused(403, "moderation_blocked", "No.")),
        (404, "resource_not_found", Refused(404, "resource_not_found", "No.")),
        (413, "request_too_large", Refused(413, "request_too_large", "No.")),
    ],
)
def test_a_no_about_the_request_is_refused(status: int, code: str, expected: Refused) -> None:
    assert created_by(answer(status, error(code))) == expected


@pytest.mark.parametrize(
    ("status", "code", "trouble"),
    [
        (401, "unauthorized", AccountTrouble.UNAUTHORIZED),
        (402, "insufficient_quota", AccountTrouble.QUOTA),
        (402, "key_daily_quota_exhausted", AccountTrouble.QUOTA),
        (403, "permission_denied", AccountTrouble.FORBIDDEN),
        (403, "model_access_denied", AccountTrouble.FORBIDDEN),
        (403, "insufficient_user_quota", AccountTrouble.QUOTA),
        (404, "model_not_found", AccountTrouble.FORBIDDEN),
        (429, "rate_limit_exceeded", AccountTrouble.RATE_LIMIT),
        (400, "key_disabled", AccountTrouble.UNAUTHORIZED),
        (400, "key_model_not_allowed", AccountTrouble.FORBIDDEN),
    ],
)
def test_a_no_about_the_account_holds_every_job(
    status: int, code: str, trouble: AccountTrouble
) -> None:
    assert created_by(answer(status, error(code))) == AccountRefused(trouble, status, code, "No.")


@pytest.mark.parametrize("status", [400, 402, 403, 404, 409, 413, 429, 500])
@pytest.mark.parametrize("code", ["paid_outcome_unknown", "idempotency_conflict"])
def test_a_code_that_leaves_the_outcome_open_outweighs_its_status(status: int, code: str) -> None:
    assert isinstance(created_by(answer(status, error(code))), Unknown)
    assert isinstance(created_by(answer(status, error(status, kind=code))), Unknown)


@pytest.mark.parametrize("status", [300, 302, 405, 408, 409, 422, 500, 502, 503, 504])
def test_a_status_that_the_contract_does_not_call_definite_is_unknown(status: int) -> None:
    found = created_by(answer(status, error("invalid_request")))
    assert found == Unknown(f"HTTP {status}, invalid_request: No.", status)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        [],
        "no",
        None,
        {"error": "invalid_request"},
        {"error": {}},
        {"error": {"type": "invalid_request_error"}},
        {"error": {"code": True, "message": 5}},
        {"message": "bad request"},
        {"success": False, "code": 400, "msg": "bad"},
        error(500),
        error("503"),
    ],
)
def test_a_definite_status_without_the_contract_s_error_body_is_unknown(fields: object) -> None:
    assert isinstance(created_by(answer(400, fields)), Unknown)


def test_an_older_error_body_is_named_by_its_type() -> None:
    found = created_by(answer(400, error(400, kind="invalid_request_error")))
    assert found == Refused(400, "invalid_request_error", "No.")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"id": TASK}, Created(TASK)),
        ({"id": TASK, "usage": {"credits_reserved": 13.5}}, Created(TASK, 135_000)),
        ({"id": TASK, "usage": {"credits_reserved": "13.5"}}, Created(TASK)),
        ({"id": TASK, "usage": {"credits_reserved": 10**400}}, Created(TASK)),
        ({"id": TASK, "usage": None, "status": "odd"}, Created(TASK)),
    ],
)
def test_a_task_id_is_all_that_creation_needs(fields: object, expected: Created) -> None:
    assert created_by(answer(200, fields)) == expected


@pytest.mark.parametrize("task_id", [None, "", 7, "a b", "../x", "x" * 129, "task\n", {"id": TASK}])
def test_a_success_without_a_usable_id_is_unknown(task_id: object) -> None:
    assert created_by(answer(200, {"id": task_id})) == Unknown("HTTP 200 without a task id", 200)


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b"[" * 100_000, b"NaN"])
def test_a_success_that_is_no_json_object_is_unknown(body: bytes) -> None:
    assert isinstance(created_by(Answer(200, {}, body)), Unknown)


def test_a_call_that_never_connected_was_not_sent() -> None:
    assert created_by(NotConnectedError("refused")) == NotSent("refused")


def test_a_call_without_a_whole_answer_is_unknown() -> None:
    assert created_by(NoAnswerError("cut off", 200)) == Unknown("cut off", 200)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("17", 17),
        (" 0 ", 0),
        ("Tue, 24 Nov 2026 12:01:30 GMT", 90),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0),
        ("Tue, 24 Nov 2099 11:00:00 GMT", 86_400),
        ("999999999", 86_400),
        ("-5", None),
        ("soon", None),
        ("1e9", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str, seconds: int | None) -> None:
    found = created_by(answer(429, error("rate_limit_exceeded"), {"retry-after": value}))
    assert isinstance(found, AccountRefused)
    assert found.retry_after_seconds == seconds


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak", "schlüssel", "sk-x\r\nX: y"])
def test_without_a_usable_key_nothing_is_sent(key: str) -> None:
    exchange = Scripted(answer(200, {"id": TASK}))
    asked = provider(exchange, key)
    assert not asked.is_ready()
    found = asked.create({}, idempotency_key="k" * 16)
    assert isinstance(found, NotSent)
    assert "secret" in found.message
    for read_call in (lambda: asked.read(TASK), asked.remaining_credits):
        with pytest.raises(ProviderKeyMissingError):
            read_call()
    assert exchange.calls == []


def test_a_secret_that_cannot_be_read_means_not_sent() -> None:
    def unreadable() -> str:
        raise ConnectionError("throttled")

    asked = EvolinkProvider("https://api.evolink.ai", unreadable, 30, 10)
    assert isinstance(asked.create({}, idempotency_key="k" * 16), NotSent)


@pytest.mark.parametrize("key", ["short", "k" * 97, "k" * 15 + " ", "k" * 16 + "/"])
def test_an_idempotency_key_outside_the_contract_is_a_mistake_of_ours(key: str) -> None:
    exchange = Scripted(answer(200, {"id": TASK}))
    with pytest.raises(ValueError, match="16 to 96"):
        provider(exchange).create({}, idempotency_key=key)
    assert exchange.calls == []


@pytest.mark.parametrize(
    "url", ["http://api.evolink.ai", "ftp://api.evolink.ai", "https://me:pw@api.evolink.ai", ""]
)
def test_the_key_is_never_sent_over_plain_http(url: str) -> None:
    with pytest.raises(ValueError, match=r"base URL .*(https|password)"):
        EvolinkProvider(url, lambda: KEY, 30, 10)


def test_a_local_host_is_accepted_only_when_it_is_named() -> None:
    named = frozenset({"http://127.0.0.1:8080"})
    EvolinkProvider("http://127.0.0.1:8080", lambda: KEY, 30, 10, allowed_local_hosts=named)
    with pytest.raises(ValueError, match="not https"):
        EvolinkProvider("http://127.0.0.1:8081", lambda: KEY, 30, 10, allowed_local_hosts=named)


def test_a_call_shows_neither_key_nor_query() -> None:
    exchange = Scripted(answer(200, {"id": TASK}))
    provider(exchange).create({}, idempotency_key="k" * 16)
    assert repr(exchange.calls[0]) == "Call(POST /v1/videos/generations)"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Too long (request id: 20261124abc)", "Too long"),
        ("Too long [Request ID: a] (request id: b) ", "Too long"),
        ("See https://u:p@files.example/a?sig=1, then", "See [link to files.example] then"),
        ("key sk-abcdefgh and Bearer xyz", "key [key] and [key]"),
        ("two\nlines\tand\x00more", "two lines andmore"),
        ("x" * 600, "x" * 499 + "…"),
    ],
)
def test_messages_are_short_and_hold_no_secret(message: str, expected: str) -> None:
    assert clean(message) == expected


@pytest.mark.parametrize("status", ["pending", "processing", "queued", "", "COMPLETED"])
def test_a_status_that_we_do_not_know_means_running(status: str) -> None:
    assert read({"status": status}).status is TaskStatus.RUNNING


def test_a_completed_task_is_read_whole() -> None:
    fields = {
        "status": "completed",
        "model": "seedance-2.0-mini-reference-to-video",
        "created": 1_790_000_000,
        "results": ["https://files.example/v.mp4", 7, "", None],
        "usage": {"credits_used": 13.5},
        "task_info": {"video_duration": 8},
    }
    assert read(fields) == Task(
        id=TASK,
        status=TaskStatus.COMPLETED,
        model="seedance-2.0-mini-reference-to-video",
        created=1_790_000_000,
        links=("https://files.example/v.mp4",),
        charged=135_000,
        video_seconds=8,
    )


def test_a_failed_task_names_its_reason() -> None:
    found = read({"status": "failed", **error("content_policy_violation", message="Face.\nReal.")})
    assert found.status is TaskStatus.FAILED
    assert (found.error_code, found.error_message) == ("content_policy_violation", "Face. Real.")


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "cancelled"},
        {"status": "canceled"},
        {"status": "failed", **error("request_cancelled")},
    ],
)
def test_both_forms_of_cancelled_are_one(fields: Mapping[str, object]) -> None:
    found = read(fields)
    assert (found.status, found.error_code) == (TaskStatus.FAILED, "request_cancelled")


@pytest.mark.parametrize(
    ("fields", "units"),
    [
        ({"usage": {"credits_used": 13.5, "cost": {"credits": 9}}}, 135_000),
        ({"usage": {"cost": {"credits": 9}}}, 90_000),
        ({"billing": {"refund_scope": "account_balance", "charged_credits": 2}}, 20_000),
        ({"billing": {"charged_credits": 2}}, None),
        ({"usage": {"credits_used": 0}}, 0),
        ({"usage": {"credits_used": -1}}, None),
        ({"usage": {"credits_used": True}}, None),
        ({"usage": {"credits_used": float("inf")}}, None),
        ({"usage": "free", "billing": []}, None),
        ({}, None),
    ],
)
def test_the_charge_is_read_where_the_provider_tells_it(
    fields: Mapping[str, object], units: int | None
) -> None:
    assert read({"status": "completed", **fields}).charged == units


@pytest.mark.parametrize(("status", "code"), [(404, "task_not_found"), (400, "invalid_task_id")])
def test_only_the_contract_s_own_words_make_a_task_gone(status: int, code: str) -> None:
    assert provider(Scripted(answer(status, error(code)))).read(TASK) == TaskGone(TASK)


@pytest.mark.parametrize("task_id", ["", "..", "a/b", "a b", "ä", "x" * 200, "a\r\nb"])
def test_an_id_that_no_task_can_have_is_gone_without_a_call(task_id: str) -> None:
    exchange = Scripted(answer(200, {}))
    assert provider(exchange).read(task_id) == TaskGone(task_id)
    assert exchange.calls == []


@pytest.mark.parametrize(
    "outcome",
    [
        answer(404, {"message": "no route"}),
        answer(404, error("model_not_found")),
        answer(400, error("task_not_found")),
        answer(401, error("unauthorized")),
        answer(403, error("permission_denied")),
        answer(429, error("rate_limit_exceeded")),
        answer(500, error("internal_error")),
        answer(302, {}),
        answer(200, {}),
        answer(200, {"id": "task-unified-another", "status": "completed"}),
        answer(200, {"id": TASK, "status": None}),
        NotConnectedError("refused"),
        NoAnswerError("cut off"),
    ],
)
def test_a_read_that_fails_is_never_a_verdict(outcome: Answer | Exception) -> None:
    with pytest.raises(ProviderUnavailableError):
        provider(Scripted(outcome)).read(TASK)


@pytest.mark.parametrize(
    ("told", "units"),
    [
        ({"user": {"remaining_credits": 9}, "token": {"remaining_credits": 4}}, 40_000),
        ({"user": {"remaining_credits": 3}, "token": {"remaining_credits": 4}}, 30_000),
        (
            {
                "user": {"remaining_credits": 9},
                "token": {"remaining_credits": 0, "unlimited_credits": True},
            },
            90_000,
        ),
        ({"user": {}, "token": {}}, None),
        (None, None),
    ],
)
def test_what_remains_is_the_scarcer_of_account_and_key(told: object, units: int | None) -> None:
    asked = provider(Scripted(answer(200, {"success": True, "data": told})))
    assert asked.remaining_credits() == units


@pytest.mark.parametrize(
    "outcome", [answer(401, error("unauthorized")), Answer(200, {}, b"<html>")]
)
def test_a_probe_that_proves_nothing_is_unavailable(outcome: Answer) -> None:
    with pytest.raises(ProviderUnavailableError):
        provider(Scripted(outcome)).remaining_credits()


def line(number: int, created: int) -> dict[str, object]:
    return {
        "id": f"task-unified-{number}",
        "model": "seedance-2.0-mini-reference-to-video",
        "type": "video",
        "status": "completed",
        "created_at": created,
    }


class Pages:
    """An exchange that answers with one page of the list after the other."""

    def __init__(self, *pages: object) -> None:
        self.pages = list(pages)
        self.targets: list[str] = []

    def __call__(self, to: WebAddress, call: Call, limit: TimeLimit) -> Answer:
        assert to.host
        assert not limit.is_over
        self.targets.append(call.target)
        return answer(200, {"data": self.pages.pop(0)})


def listed(*pages: object) -> tuple[list[str], Pages]:
    exchange = Pages(*pages)
    api = EvolinkProvider("https://api.evolink.ai", lambda: KEY, 30, 10, exchange=exchange)
    return [task.id for task in api.listed(NOW)], exchange


def test_the_list_is_read_page_by_page_until_it_is_too_old() -> None:
    young, old = int(NOW.timestamp()) + 1, int(NOW.timestamp()) - 1
    first = [line(number, young) for number in range(50)]
    second = [line(50, young), *[line(number, old) for number in range(51, 100)]]
    found, exchange = listed(first, second)
    assert found == [f"task-unified-{number}" for number in range(51)]
    assert exchange.targets[1] == "/v1/tasks?type=video&page=2&page_size=50"


def test_a_short_page_is_the_last_and_a_task_that_moved_on_counts_once() -> None:
    young = int(NOW.timestamp()) + 1
    first = [line(number, young) for number in range(50)]
    found, exchange = listed(first, first[-2:])
    assert len(found) == 50
    assert exchange.pages == []


def test_a_line_that_names_no_task_is_passed_over() -> None:
    young = int(NOW.timestamp()) + 1
    found, _ = listed(
        [{"id": 7}, "text", {"id": "task-1"}, line(1, young), {**line(2, young), "id": ""}]
    )
    assert found == ["task-unified-1"]


@pytest.mark.parametrize(
    "outcome",
    [
        answer(404, {"error": {"code": "not_found", "message": "no"}}),
        answer(200, {"tasks": []}),
        answer(200, ["a", "list"]),
        NoAnswerError("reset"),
    ],
)
def test_a_list_that_is_not_shown_is_no_list_that_is_empty(outcome: Answer | Exception) -> None:
    with pytest.raises(ProviderUnavailableError):
        provider(Scripted(outcome)).listed(NOW)
