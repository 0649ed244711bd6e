"""Contract 1, 2 and 3: what create takes, what it refuses at once, what it answers."""

import re
from typing import Any

import pytest

from tests.emulator.harness import MODEL, Running

IMAGE = "https://203.0.113.7/image.png"
VIDEO = "https://203.0.113.7/video.mp4"
AUDIO = "https://203.0.113.7/audio.mp3"


def test_3_create_answers_200_with_the_published_fields(emulator: Running) -> None:
    response = emulator.create(duration=8)
    body = response.json()
    assert re.fullmatch(r"task-unified-\d{10}-[a-z0-9]{8}", body["id"])
    assert body["id"].split("-")[2] == str(body["created"])
    assert body == {
        "id": body["id"],
        "created": body["created"],
        "model": MODEL,
        "object": "video.generation.task",
        "progress": 0,
        "status": "pending",
        "task_info": {"can_cancel": True, "estimated_time": 165, "video_duration": 8},
        "type": "video",
        "usage": {
            "billing_rule": "per_second",
            "credits_reserved": 21.6,
            "user_group": "default",
        },
    }
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-request-id"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer sk-unknown"},
        {"Authorization": "Basic c2s6"},
        {"Authorization": "sk-main"},
        {"Authorization": "Bearer sk-off"},
        {"Authorization": "Bearer sk-old"},
    ],
)
def test_1_every_call_needs_a_valid_bearer_key(emulator: Running, headers: dict[str, str]) -> None:
    for method, path in (
        ("POST", "/v1/videos/generations"),
        ("GET", "/v1/tasks/task-unified-1-a"),
        ("GET", "/v1/tasks"),
        ("POST", "/v1/tasks/batch"),
        ("GET", "/v1/credits"),
        ("GET", "/v1/models"),
    ):
        response = emulator.request(method, path, key=None, headers=headers)
        assert response.status_code == 401
        assert response.json()["error"]["type"] == "authentication_error"


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"prompt": None}, "prompt"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": "  "}, "prompt"),
        ({"prompt": 5}, "prompt"),
        ({"model": None}, "model"),
        ({"model": 5}, "model"),
        ({"duration": 3}, "duration"),
        ({"duration": 16}, "duration"),
        ({"duration": 5.5}, "duration"),
        ({"duration": "5"}, "duration"),
        ({"duration": True}, "duration"),
        ({"quality": "1080p"}, "quality"),
        ({"quality": "720P"}, "quality"),
        ({"aspect_ratio": "2:1"}, "aspect_ratio"),
        ({"generate_audio": "true"}, "generate_audio"),
        ({"content_filter": 0}, "content_filter"),
        ({"image_urls": IMAGE}, "image_urls"),
        ({"image_urls": [IMAGE] * 10}, "image_urls"),
        ({"image_urls": [5]}, "image_urls"),
        ({"image_urls": [""]}, "image_urls"),
        ({"image_urls": ["data:image/png;base64,AAAA"]}, "image_urls"),
        ({"image_urls": ["C:\\image.png"]}, "image_urls"),
        ({"video_urls": [VIDEO] * 4}, "video_urls"),
        ({"audio_urls": [AUDIO] * 4, "image_urls": [IMAGE]}, "audio_urls"),
        ({"audio_urls": [AUDIO]}, "audio_urls"),
    ],
)
def test_2_a_broken_field_is_a_400_that_names_it(
    emulator: Running, fields: dict[str, Any], param: str
) -> None:
    before = emulator.credits()
    response = emulator.create(**fields)
    error = response.json()["error"]
    assert response.status_code == 400
    assert (error["code"], error["type"]) == ("invalid_request", "invalid_request_error")
    assert error["param"] == param
    assert param in error["message"]
    assert emulator.credits() == before


@pytest.mark.parametrize(
    "fields",
    [
        {"duration": 4, "quality": "480p", "aspect_ratio": "21:9"},
        {"duration": 15, "generate_audio": False, "content_filter": False},
        {"aspect_ratio": "adaptive"},
        {"image_urls": [IMAGE] * 9, "video_urls": [VIDEO] * 3, "audio_urls": [AUDIO] * 3},
        {"video_urls": [VIDEO], "audio_urls": [AUDIO]},
        {"image_urls": [], "video_urls": [], "audio_urls": []},
        {"duration": 5.0},
        {"n": 1, "generation_type": "REFERENCE"},
        {"image_urls": None, "callback_url": None, "duration": None},
    ],
)
def test_2_what_the_contract_allows_is_accepted(emulator: Running, fields: dict[str, Any]) -> None:
    assert emulator.create(**fields).status_code == 200


def test_2_1_absent_fields_take_the_published_defaults(emulator: Running) -> None:
    order = emulator.book(emulator.created()["id"])["order"]
    assert order["duration"] == 5
    assert order["quality"] == "720p"
    assert order["aspect_ratio"] == "16:9"
    assert (order["generate_audio"], order["content_filter"]) == (True, True)


@pytest.mark.parametrize(
    "body",
    [b"", b"hello", b"[]", b'"text"', b'{"a": NaN}', b'{"prompt": "\\ud800"}', b"\xff\xfe{}"],
)
def test_5_2_a_body_that_is_no_json_object_is_a_400(emulator: Running, body: bytes) -> None:
    response = emulator.request("POST", "/v1/videos/generations", content=body)
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "invalid_request"


def test_2_1_a_body_of_more_than_64_mb_is_a_413(emulator: Running) -> None:
    response = emulator.request("POST", "/v1/videos/generations", content=b" " * 64_000_001)
    assert response.status_code == 413


def test_5_2_an_unknown_model_is_refused_by_name(emulator: Running) -> None:
    response = emulator.create(model="seedance-9")
    assert response.status_code == 403
    assert response.json()["error"]["code"] == "model_access_denied"
    assert "seedance-9" in response.json()["error"]["message"]


def test_11_1_the_model_can_be_made_unavailable(emulator: Running) -> None:
    emulator.switch(model_available=False)
    response = emulator.create()
    assert response.status_code == 403
    assert MODEL in response.json()["error"]["message"]
    assert emulator.get("/v1/models").json()["data"] == []


def test_5_2_a_key_may_be_kept_from_the_model(emulator: Running) -> None:
    response = emulator.create(key="sk-narrow")
    assert response.status_code == 403
    assert response.json()["error"]["code"] == "key_model_not_allowed"


def test_11_2_the_default_ratio_can_be_that_of_the_later_page(emulator: Running) -> None:
    emulator.switch(default_aspect_ratio="adaptive")
    assert emulator.book(emulator.created()["id"])["order"]["aspect_ratio"] == "adaptive"


def test_11_3_the_prompt_can_be_limited_in_tokens(emulator: Running) -> None:
    emulator.switch(prompt_token_limit=10)
    assert emulator.create("x" * 40).status_code == 200
    refused = emulator.create("x" * 41)
    assert refused.status_code == 400
    assert "11 tokens" in refused.json()["error"]["message"]
    assert emulator.create("静" * 11).status_code == 400


def test_11_5_a_request_without_media_can_be_refused(emulator: Running) -> None:
    emulator.switch(require_media=True)
    response = emulator.create()
    assert (response.status_code, response.json()["error"]["param"]) == (400, "image_urls")
    assert emulator.create(image_urls=[IMAGE]).status_code == 200


@pytest.mark.parametrize(
    ("switch", "field", "param"),
    [
        ("refuse_unknown_fields", {"seed": 7}, "seed"),
        ("refuse_null", {"duration": None}, "duration"),
    ],
)
def test_2_1_unstated_strictness_is_a_switch(
    emulator: Running, switch: str, field: dict[str, Any], param: str
) -> None:
    assert emulator.create(**field).status_code == 200
    emulator.switch(**{switch: True})
    assert emulator.create(**field).json()["error"]["param"] == param


def test_2_1_numbers_spelled_as_strings_can_be_taken(emulator: Running) -> None:
    emulator.switch(lenient_numbers=True)
    task = emulator.created(duration="7", generate_audio="false")
    order = emulator.book(task["id"])["order"]
    assert (order["duration"], order["generate_audio"]) == (7, False)
    assert emulator.create(duration="seven").status_code == 400


def test_11_12_a_broken_request_can_be_accepted_and_fail_later(emulator: Running) -> None:
    emulator.switch(deferred_validation=True)
    task = emulator.finished(duration=99)
    assert task["status"] == "failed"
    assert task["error"]["code"] == "invalid_parameters"
    assert "duration" in task["error"]["message"]


def test_1_models_lists_the_model(emulator: Running) -> None:
    assert [each["id"] for each in emulator.get("/v1/models").json()["data"]] == [MODEL]


def test_8_1_too_many_creates_in_a_minute_are_a_429(emulator: Running) -> None:
    emulator.stop_clock()
    emulator.advance(100)
    emulator.switch(creates_per_minute=2, retry_after_seconds=7)
    assert [emulator.create().status_code for _ in range(2)] == [200, 200]
    refused = emulator.create()
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "7")
    assert refused.json()["error"]["code"] == "rate_limit_exceeded"
    emulator.advance(61)
    assert emulator.create().status_code == 200


def test_8_1_too_many_unfinished_tasks_can_fail_with_quota_exceeded(emulator: Running) -> None:
    emulator.advance(100_000)
    emulator.switch(concurrent_tasks=1, over_limit="fail", pending_seconds=100_000)
    emulator.created()
    second = emulator.created()
    emulator.advance(200_000)
    assert emulator.ended(second["id"])["error"]["code"] == "quota_exceeded"
