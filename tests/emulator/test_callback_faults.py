"""Contract 11: faults of callbacks, armed over HTTP and seen by the receiver."""

from tests.emulator.harness import Neighbour, Running, wait_for


def test_lost_never_arrives(emulator: Running, beside: Neighbour) -> None:
    emulator.arm("callback", "lost")
    task_id = emulator.created(callback_url=f"{beside.url}/hook-lost")["id"]
    (attempt,) = emulator.callbacks(task_id, 1)
    assert attempt["error"] == "lost"
    assert beside.bodies("/hook-lost") == []


def test_duplicate_arrives_twice(emulator: Running, beside: Neighbour) -> None:
    emulator.arm("callback", "duplicate")
    task_id = emulator.created(callback_url=f"{beside.url}/hook-twice")["id"]
    emulator.callbacks(task_id, 2)
    first, second = beside.bodies("/hook-twice")
    assert first == second


def test_late_arrives_after_polling_has_seen_the_end(emulator: Running, beside: Neighbour) -> None:
    emulator.arm("callback", "late", seconds=2000)
    task_id = emulator.created(callback_url=f"{beside.url}/hook-late")["id"]
    ended = emulator.ended(task_id)
    assert beside.bodies("/hook-late") == []
    wait_for(lambda: beside.bodies("/hook-late") == [ended])


def test_before_answer_arrives_before_create_has_answered(
    emulator: Running, beside: Neighbour
) -> None:
    emulator.arm("callback", "before_answer")
    task_id = emulator.created(callback_url=f"{beside.url}/hook-early")["id"]
    assert [body["id"] for body in beside.bodies("/hook-early")] == [task_id]
    assert emulator.read(task_id)["status"] == "completed"


def test_foreign_tells_of_another_task(emulator: Running, beside: Neighbour) -> None:
    emulator.arm("callback", "foreign")
    task_id = emulator.created(callback_url=f"{beside.url}/hook-foreign")["id"]
    emulator.callbacks(task_id, 1)
    (body,) = beside.bodies("/hook-foreign")
    assert body["id"] != task_id
    assert emulator.get(f"/v1/tasks/{body['id']}").status_code == 404


def test_garbage_is_no_json(emulator: Running, beside: Neighbour) -> None:
    emulator.arm("callback", "garbage")
    task_id = emulator.created(callback_url=f"{beside.url}/hook-garbage")["id"]
    emulator.callbacks(task_id, 1)
    ((_, body),) = beside.received
    assert not body.endswith(b"}")
