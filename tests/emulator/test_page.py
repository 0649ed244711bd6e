"""The page for people: served whole, and fed by the controls that it names."""

import re

from tests.emulator.harness import Neighbour, Running


def test_the_page_and_its_parts_are_served(emulator: Running) -> None:
    page = emulator.get("/", key=None)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    parts = re.findall(r'(?:href|src)="(page\.\w+)"', page.text)
    assert parts == ["page.css", "page.js"]
    for part in parts:
        assert emulator.get(f"/{part}", key=None).status_code == 200
    assert emulator.get("/page.py", key=None).status_code == 404


def test_every_control_that_the_page_reads_answers(emulator: Running) -> None:
    script = emulator.get("/page.js", key=None).text
    paths = set(re.findall(r"_emulator/\w+", script))
    assert paths == {f"_emulator/{name}" for name in ("tasks", "faults", "clock", "settings")}
    for path in paths:
        assert emulator.get(f"/{path}", key=None).status_code == 200


def test_the_books_hold_what_the_page_shows(emulator: Running, beside: Neighbour) -> None:
    done = emulator.finished(callback_url=f"{beside.url}/hook-page")
    emulator.callbacks(done["id"], 1)
    book = emulator.book(done["id"])
    assert book["answer"]["results"] == [book["result_url"]]
    assert book["request"]["prompt"] == "a quiet harbour"
    assert [each["status"] for each in book["callbacks"]] == [200]
    assert [state["status"] for state in book["states"]] == ["pending", "processing", "completed"]
    assert all(state["at"] > 0 for state in book["states"])
    assert (book["width"], book["height"]) == (1280, 720)
