"""Contract 4, 5.1 and 8.4: what reads answer."""

import time

import pytest

from tests.emulator.harness import MODEL, Running, wait_for


def test_4_1_a_task_passes_through_the_published_states(emulator: Running) -> None:
    emulator.stop_clock()
    task_id = emulator.created()["id"]
    pending = emulator.read(task_id)
    assert (pending["status"], pending["progress"]) == ("pending", 0)
    assert pending["task_info"]["can_cancel"] is True
    emulator.advance(90)
    wait_for(lambda: emulator.read(task_id)["status"] == "processing")
    processing = emulator.read(task_id)
    assert processing["progress"] == 50
    assert not {"results", "error"} & set(processing)
    emulator.advance(75)
    done = emulator.ended(task_id)
    assert (done["progress"], done["task_info"]) == (100, {"can_cancel": False})
    assert done["object"] == "video.generation.task"
    assert all(isinstance(link, str) for link in done["results"])
    assert len(done["results"]) == 1
    states = [state["status"] for state in emulator.book(task_id)["states"]]
    assert states == ["pending", "processing", "completed"]


def test_4_2_a_failed_task_carries_its_business_code_as_a_string(emulator: Running) -> None:
    emulator.arm("task", "fail", code="resource_exhausted", message="Busy.\nTry later.")
    failed = emulator.finished()
    assert failed["status"] == "failed"
    assert failed["progress"] == 0
    assert failed["error"] == {
        "code": "resource_exhausted",
        "message": "Busy.\nTry later.",
        "type": "task_error",
    }
    assert "results" not in failed


@pytest.mark.parametrize(
    ("path", "key", "status", "code"),
    [
        ("task-other-1-abc", "sk-main", 400, "invalid_task_id"),
        ("task-unified-1-nothere", "sk-main", 404, "task_not_found"),
        ("task-unified-1-nothere", "sk-nobody", 401, "unauthorized"),
    ],
)
def test_4_5_a_read_that_cannot_be_has_the_published_code(
    emulator: Running, path: str, key: str, status: int, code: str
) -> None:
    response = emulator.get(f"/v1/tasks/{path}", key=key)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    if status == 400:
        assert response.json()["error"]["param"] == "task_id"


def test_4_5_another_accounts_task_is_forbidden(emulator: Running) -> None:
    task_id = emulator.created()["id"]
    response = emulator.get(f"/v1/tasks/{task_id}", key="sk-stranger")
    assert response.status_code == 403
    assert response.json()["error"]["code"] == "permission_denied"


def test_4_4_a_link_dies_24_hours_after_completion(emulator: Running) -> None:
    emulator.stop_clock()
    task_id = emulator.created()["id"]
    emulator.advance(20)
    wait_for(lambda: emulator.read(task_id)["status"] == "processing")
    emulator.advance(200)
    done = emulator.ended(task_id)
    link = done["results"][0]
    assert emulator.client.get(link).status_code == 200
    emulator.advance(86_000)
    assert emulator.client.get(link).status_code == 200
    emulator.advance(600)
    assert emulator.client.get(link).status_code == 403
    assert emulator.read(done["id"])["results"] == [link]


def test_4_4_a_download_can_be_asked_for_in_ranges_and_needs_no_key(emulator: Running) -> None:
    link = emulator.finished()["results"][0]
    whole = emulator.client.get(link)
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.content[4:8] == b"ftyp"
    part = emulator.client.get(link, headers={"range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
    head = emulator.client.head(link)
    assert int(head.headers["content-length"]) == len(whole.content)
    beyond = emulator.client.get(link, headers={"range": "bytes=999999999-"})
    assert beyond.status_code == 416


def test_4_4_the_books_tell_whether_a_download_leaked_the_key(emulator: Running) -> None:
    done = emulator.finished()
    emulator.request("GET", done["results"][0].removeprefix(emulator.url), key="sk-main")
    emulator.client.get(done["results"][0])
    downloads = emulator.book(done["id"])["downloads"]
    assert [each["with_authorization"] for each in downloads] == [True, False]


def test_4_4_a_task_record_can_expire(emulator: Running) -> None:
    emulator.switch(task_record_seconds=1000)
    task_id = emulator.finished()["id"]
    emulator.advance(2000)
    response = emulator.get(f"/v1/tasks/{task_id}")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "task_not_found")


def test_5_1_style_b_has_numbers_for_codes_and_hints(emulator: Running) -> None:
    emulator.switch(error_style="B")
    refused = emulator.create(duration=99).json()["error"]
    assert (refused["code"], refused["param"]) == (400, "duration")
    stranger = emulator.get("/v1/credits", key="sk-nobody").json()["error"]
    assert (stranger["code"], stranger["type"]) == (401, "authentication_error")
    model = emulator.create(model="other")
    assert (model.status_code, model.json()["error"]["type"]) == (404, "not_found_error")
    emulator.switch(balance=1)
    poor = emulator.create().json()["error"]
    assert (poor["code"], poor["type"]) == (402, "insufficient_quota_error")
    assert "fallback_suggestion" in poor


def test_5_1_an_unknown_path_or_method_is_refused_in_json(emulator: Running) -> None:
    missing = emulator.get("/v1/nothing/here")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "not_found")
    wrong = emulator.request("DELETE", "/v1/credits")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (405, "method_not_allowed")


def test_8_4_the_list_is_newest_first_without_links_and_paged(emulator: Running) -> None:
    made = [emulator.finished()["id"] for _ in range(3)]
    first = emulator.get("/v1/tasks?page_size=2").json()
    assert [each["id"] for each in first["data"]] == [made[2], made[1]]
    assert (first["page"], first["page_size"]) == (1, 2)
    second = emulator.get("/v1/tasks?page_size=2&page=2").json()
    assert second["data"][0]["id"] == made[0]
    item = first["data"][0]
    assert set(item) == {
        *("id", "model", "type", "status", "progress", "created_at", "duration"),
        *("has_results", "result_count", "has_error", "credits_used"),
    }
    assert (item["has_results"], item["result_count"], item["credits_used"]) == (True, 1, 13.5)
    assert item["duration"] >= 165


def test_8_4_the_list_filters_by_status_type_and_model(emulator: Running) -> None:
    done = emulator.finished()["id"]
    emulator.arm("task", "fail")
    failed = emulator.finished()["id"]
    emulator.switch(pending_seconds=100_000)
    pending = emulator.created()["id"]

    def listed(query: str) -> list[str]:
        return [each["id"] for each in emulator.get(f"/v1/tasks?{query}").json()["data"]]

    assert listed("status=processing")[0] == pending
    assert listed("status=completed")[0] == done
    assert listed("status=failed")[0] == failed
    assert not {done, failed, pending} & set(listed("status=cancelled"))
    assert listed("type=image") == []
    assert listed("type=video")[0] == pending
    assert listed(f"model={MODEL}")[0] == pending
    assert listed("model=other") == []
    for query in ("status=strange", "type=text", "page=0", "page_size=51", "page=x"):
        assert emulator.get(f"/v1/tasks?{query}").status_code == 400
    emulator.advance(200_000)
    emulator.ended(pending)


def test_8_4_the_list_holds_only_the_own_accounts_tasks(emulator: Running) -> None:
    own = emulator.created()["id"]
    listed = emulator.get("/v1/tasks", key="sk-stranger").json()["data"]
    assert own not in [each["id"] for each in listed]


def test_8_4_a_batch_reads_own_tasks_and_leaves_out_the_others(emulator: Running) -> None:
    own = emulator.finished()
    foreign = emulator.created(key="sk-stranger")["id"]
    wanted = {"task_ids": [own["id"], foreign, "task-unified-1-unknown"]}
    answer = emulator.request("POST", "/v1/tasks/batch", json=wanted).json()
    assert [each["id"] for each in answer["data"]] == [own["id"]]
    assert answer["data"][0]["results"] == own["results"]


@pytest.mark.parametrize("ids", [None, [], "task-unified-1-a", [1], ["task-unified-1-a"] * 51])
def test_8_4_a_batch_takes_1_to_50_ids(emulator: Running, ids: object) -> None:
    response = emulator.request("POST", "/v1/tasks/batch", json={"task_ids": ids})
    assert (response.status_code, response.json()["error"]["param"]) == (400, "task_ids")


def test_4_6_reads_are_quick_while_films_are_drawn(emulator: Running) -> None:
    emulator.switch(rendering="full")
    task_id = emulator.created("a film that takes a while", duration=8)["id"]
    wait_for(lambda: emulator.read(task_id)["status"] == "processing")
    slowest = 0.0
    while emulator.read(task_id)["status"] == "processing":
        begun = time.monotonic()
        emulator.read(task_id)
        slowest = max(slowest, time.monotonic() - begun)
    assert emulator.read(task_id)["status"] == "completed"
    assert slowest < 1
