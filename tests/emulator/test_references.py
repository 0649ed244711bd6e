"""Contract 2.3: reference media are fetched and read, and judged by what they are."""

import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.harness import Json, Neighbour, Running, running_emulator
from tests.media_files import write_jpeg, write_mp3, write_mp4, write_png, write_wav, write_webp


def failure(task: Json) -> tuple[str, str]:
    assert task["status"] == "failed", task
    return task["error"]["code"], task["error"]["message"]


def test_2_3_good_references_are_taken_and_described(
    emulator: Running, beside: Neighbour, media: Path
) -> None:
    images = [
        write_png(media / "a.png", 640, 480),
        write_jpeg(media / "b.jpg", 640, 480),
        write_webp(media / "c.webp", 640, 480),
    ]
    task = emulator.finished(
        image_urls=[beside.put_file(path) for path in images],
        video_urls=[beside.put_file(write_mp4(media / "v.mp4", 2))],
        audio_urls=[
            beside.put_file(write_wav(media / "s.wav", 2)),
            beside.put_file(write_mp3(media / "s.mp3", 2)),
        ],
    )
    assert task["status"] == "completed"
    described = emulator.book(task["id"])["references"]
    assert [" ".join(each.split()[:2]) for each in described] == [
        *("image png", "image jpeg", "image webp"),
        *("video mp4", "audio wav", "audio mp3"),
    ]


def test_7_2_input_video_seconds_are_measured_and_billed(
    emulator: Running, beside: Neighbour, media: Path
) -> None:
    video = write_mp4(media / "six.mp4", 6)
    task = emulator.finished(duration=5, video_urls=[beside.put_file(video)])
    book = emulator.book(task["id"])
    assert book["input_seconds"] == pytest.approx(6, abs=0.05)
    assert task["usage"]["credits_used"] == 18.0873
    assert book["credits_reserved"] == 32.886


def test_2_3_the_format_is_told_by_content_and_not_by_name_or_type(
    emulator: Running, beside: Neighbour, media: Path
) -> None:
    png = write_png(media / "plain.png", 640, 480).read_bytes()
    url = beside.put("picture.mp4", png, "video/mp4")
    assert emulator.finished(image_urls=[url])["status"] == "completed"
    code, message = failure(emulator.finished(video_urls=[url]))
    assert code == "invalid_parameters"
    assert "video 1" in message


def test_2_3_the_message_names_the_item_the_value_and_the_limit(
    emulator: Running, beside: Neighbour, media: Path
) -> None:
    good = beside.put_file(write_png(media / "good.png", 640, 480))
    small = beside.put_file(write_png(media / "small.png", 299, 400))
    code, message = failure(emulator.finished(image_urls=[good, small]))
    assert code == "invalid_parameters"
    assert "image 2" in message
    assert "299x400" in message
    assert "300 to 6000" in message


def test_2_3_limits_together_are_checked(emulator: Running, beside: Neighbour, media: Path) -> None:
    image = beside.put_file(write_png(media / "with.png", 640, 480))
    sound = beside.put_file(write_wav(media / "eight.wav", 8))
    code, message = failure(emulator.finished(image_urls=[image], audio_urls=[sound, sound]))
    assert code == "invalid_audio"
    assert "together" in message


@pytest.mark.parametrize(
    ("field", "code"),
    [("image_urls", "image_processing_error"), ("video_urls", "invalid_parameters")],
)
def test_5_3_rubbish_fails_the_task_and_costs_nothing(
    emulator: Running, beside: Neighbour, field: str, code: str
) -> None:
    before = emulator.credits()
    url = beside.put("rubbish.jpg", b"<html>Not here</html>", "image/jpeg")
    fields: dict[str, Any] = {field: [url]}
    found, message = failure(emulator.finished(**fields))
    assert found == code
    assert "1 cannot be used" in message
    assert emulator.credits() == before


def test_references_are_not_kept_once_their_task_has_ended(
    beside: Neighbour, media: Path, tmp_path: Path
) -> None:
    good = beside.put_file(write_png(media / "kept.png", 640, 480))
    options = ("--data-folder", str(tmp_path), "--allow-local-host", beside.url)
    with running_emulator(*options, "--clock-speed", "4000", "--rendering", "clip") as emulator:
        for url in (good, f"{beside.url}/nowhere.png"):
            task = emulator.created(image_urls=[url], duration=4, key="sk-emulator")
            emulator.ended(task["id"], key="sk-emulator")
    assert list((tmp_path / "references").iterdir()) == []


def test_2_3_what_is_not_there_fails_the_task(emulator: Running, beside: Neighbour) -> None:
    code, message = failure(emulator.finished(image_urls=[f"{beside.url}/nowhere.png"]))
    assert code == "image_processing_error"
    assert "404" in message


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:1/a.png",
        "https://10.0.0.1/a.png",
        "https://[::1]/a.png",
        "https://localhost/a.png",
        "http://9.9.9.9/a.png",
        "https://169.254.169.254/a.png",
        "https://no-such-host.invalid/a.png",
    ],
)
def test_2_3_private_and_unknown_hosts_are_not_fetched(emulator: Running, url: str) -> None:
    code, message = failure(emulator.finished(image_urls=[url]))
    assert code == "image_processing_error"
    assert "not accessible" in message


def redirect_to(url: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def serve(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("location", url)
        request.send_header("content-length", "0")
        request.end_headers()

    return serve


def test_2_3_a_redirect_is_followed_but_not_to_a_private_host(
    emulator: Running, beside: Neighbour, media: Path
) -> None:
    png = beside.put_file(write_png(media / "moved.png", 640, 480))
    beside.shelf["/moved"] = redirect_to(png)
    beside.shelf["/inside"] = redirect_to("https://127.0.0.1:2/secret.png")
    beside.shelf["/round"] = redirect_to(f"{beside.url}/round")
    assert emulator.finished(image_urls=[f"{beside.url}/moved"])["status"] == "completed"
    _, message = failure(emulator.finished(image_urls=[f"{beside.url}/inside"]))
    assert "private address" in message
    _, message = failure(emulator.finished(image_urls=[f"{beside.url}/round"]))
    assert "redirects more than 3 times" in message


def test_2_3_a_slow_host_is_given_up(emulator: Running, beside: Neighbour) -> None:
    def drip(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        for _ in range(50):
            request.wfile.write(b"x")
            time.sleep(0.1)

    beside.shelf["/slow.png"] = drip
    emulator.switch(reference_timeout_seconds=0.5)
    begun = time.monotonic()
    code, message = failure(emulator.finished(image_urls=[f"{beside.url}/slow.png"]))
    assert (code, time.monotonic() - begun < 4) == ("image_processing_error", True)
    assert "not received within 0.5 s" in message


def test_2_3_an_endless_body_is_cut_at_the_limit(emulator: Running, beside: Neighbour) -> None:
    def pour(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("content-encoding", "gzip")
        request.end_headers()
        while True:
            request.wfile.write(b"\0" * 1_000_000)

    beside.shelf["/endless.mp3"] = pour
    code, message = failure(emulator.finished(image_urls=[f"{beside.url}/endless.mp3"]))
    assert code == "invalid_parameters"
    assert "larger than 30 MB" in message


def test_2_2_adaptive_follows_video_before_image_before_prompt(
    emulator: Running, beside: Neighbour, media: Path
) -> None:
    tall = beside.put_file(write_mp4(media / "tall.mp4", 2, 720, 1280))
    square = beside.put_file(write_png(media / "square.png", 600, 600))

    def size(prompt: str = "a harbour", **fields: Any) -> tuple[int, int]:
        book = emulator.book(emulator.finished(prompt, aspect_ratio="adaptive", **fields)["id"])
        return book["width"], book["height"]

    assert size(video_urls=[tall], image_urls=[square]) == (720, 1280)
    assert size(image_urls=[square]) == (960, 960)
    assert size(prompt="an ultrawide desert") == (1470, 630)
    assert size() == (1280, 720)
