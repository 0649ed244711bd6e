"""Contract 11: faults of result links, armed over HTTP and seen by a plain download."""

import time
from collections.abc import Callable

import httpx
import pytest

from tests.emulator.harness import Running

Download = Callable[..., httpx.Response]


@pytest.fixture
def link(emulator: Running) -> str:
    return str(emulator.finished(duration=4, quality="480p")["results"][0])


def test_forbidden_is_a_403(emulator: Running, link: str) -> None:
    emulator.arm("result", "forbidden")
    assert emulator.client.get(link).status_code == 403
    assert emulator.client.get(link).status_code == 200


@pytest.mark.parametrize(("agent", "status"), [("", 403), ("Python-urllib/3.13", 403), ("x", 200)])
def test_needs_user_agent_refuses_library_defaults(
    emulator: Running, link: str, agent: str, status: int
) -> None:
    emulator.arm("result", "needs_user_agent")
    assert emulator.client.get(link, headers={"user-agent": agent}).status_code == status


def test_html_is_a_page_with_200(emulator: Running, link: str) -> None:
    emulator.arm("result", "html")
    page = emulator.client.get(link)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")


def test_truncated_ends_before_the_announced_length(emulator: Running, link: str) -> None:
    emulator.arm("result", "truncated")
    with pytest.raises(httpx.TransportError):
        emulator.client.get(link)


def test_wrong_type_sends_the_video_as_text(emulator: Running, link: str) -> None:
    emulator.arm("result", "wrong_type")
    answer = emulator.client.get(link)
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.content[4:8] == b"ftyp"


def test_slow_takes_its_time_and_is_whole(emulator: Running, link: str) -> None:
    emulator.arm("result", "slow", seconds=0.5)
    begun = time.monotonic()
    slow = emulator.client.get(link).content
    assert time.monotonic() - begun >= 0.4
    assert slow == emulator.client.get(link).content


def test_endless_never_ends(emulator: Running, link: str) -> None:
    length = len(emulator.client.get(link).content)
    emulator.arm("result", "endless")
    received = 0
    with emulator.client.stream("GET", link) as stream:
        assert "content-length" not in stream.headers
        for piece in stream.iter_raw():
            received += len(piece)
            if received > 3 * length:
                break
    assert received > 3 * length


@pytest.mark.parametrize("rest", ["", "bytes=1000-"])
def test_what_breaks_off_serves_ranges_with_an_end(emulator: Running, link: str, rest: str) -> None:
    emulator.arm("result", "breaks_off")
    part = emulator.client.get(link, headers={"range": "bytes=0-999"})
    assert (part.status_code, len(part.content)) == (206, 1000)
    with pytest.raises(httpx.TransportError):
        emulator.client.get(link, headers={"range": rest} if rest else {})
    assert emulator.client.get(link).status_code == 200


def test_a_dead_link_stays_dead_and_the_task_names_another(emulator: Running) -> None:
    task = emulator.finished(duration=4, quality="480p")
    (link,) = task["results"]
    emulator.arm("result", "dead_link")
    ranged = {"range": "bytes=0-9"}
    assert emulator.client.get(link, headers=ranged).status_code == 206
    assert emulator.client.get(link).status_code == 403
    assert emulator.client.get(link, headers=ranged).status_code == 403
    (fresh,) = emulator.read(task["id"])["results"]
    assert fresh != link
    assert emulator.client.get(fresh).content[4:8] == b"ftyp"
