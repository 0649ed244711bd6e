"""Contract 2.2: what is downloaded is a film of the promised size, length, rate and sound."""

import io
from pathlib import Path

import av
import pytest

from tests.emulator.harness import Neighbour, Running, wait_for
from tests.media_files import write_png

SIZES = {
    ("16:9", "480p"): (864, 496),
    ("4:3", "480p"): (752, 560),
    ("1:1", "480p"): (640, 640),
    ("3:4", "480p"): (560, 752),
    ("9:16", "480p"): (496, 864),
    ("21:9", "480p"): (992, 432),
    ("16:9", "720p"): (1280, 720),
    ("4:3", "720p"): (1112, 834),
    ("1:1", "720p"): (960, 960),
    ("3:4", "720p"): (834, 1112),
    ("9:16", "720p"): (720, 1280),
    ("21:9", "720p"): (1470, 630),
}
Facts = tuple[int, int, int, int, str, str]


def facts_of(film: bytes) -> tuple[Facts, bool]:
    """Return width, height, frames, rate, codec and pixels of a film; and whether it has sound."""
    with av.open(io.BytesIO(film), "r") as container:
        video = container.streams.video[0]
        frames = sum(1 for _ in container.decode(video))
        codec = video.codec_context
        facts = (codec.width, codec.height, frames, round(float(video.average_rate or 0)))
        return (*facts, codec.name, str(codec.pix_fmt)), bool(container.streams.audio)


@pytest.mark.parametrize(("ratio", "quality"), SIZES)
def test_2_2_a_film_has_the_size_of_the_table_24_frames_a_second_and_sound_on_wish(
    emulator: Running, ratio: str, quality: str
) -> None:
    emulator.switch(rendering="full")
    sound = list(SIZES).index((ratio, quality)) % 2 == 0
    done = emulator.finished(duration=4, aspect_ratio=ratio, quality=quality, generate_audio=sound)
    facts, has_sound = facts_of(emulator.client.get(done["results"][0]).content)
    assert facts == (*SIZES[ratio, quality], 96, 24, "h264", "yuv420p")
    assert has_sound is sound


def test_a_lazy_film_is_drawn_at_its_first_download_from_the_references_of_its_time(
    emulator: Running, beside: Neighbour, media: Path
) -> None:
    emulator.switch(rendering="lazy")
    url = beside.put_file(write_png(media / "lazy.png", 640, 480))
    done = emulator.finished(duration=4, quality="480p", image_urls=[url])
    beside.shelf.clear()
    film = emulator.client.get(done["results"][0]).content
    facts, _ = facts_of(film)
    assert facts[2] == 96
    assert emulator.client.get(done["results"][0]).content == film


def test_a_full_film_exists_before_its_task_is_completed(emulator: Running) -> None:
    emulator.switch(rendering="full", pending_seconds=0, processing_seconds=0)
    task_id = emulator.created(duration=4)["id"]
    wait_for(lambda: emulator.read(task_id)["status"] == "processing", 5)
    done = emulator.ended(task_id)
    assert emulator.client.get(done["results"][0]).status_code == 200
    clip = emulator.client.get(emulator.url + "/results/none.mp4")
    assert clip.status_code == 404


def test_different_prompts_make_different_films(emulator: Running) -> None:
    emulator.switch(rendering="full")
    links = [emulator.finished(p, duration=4, quality="480p")["results"][0] for p in ("a", "b")]
    first, second = (emulator.client.get(link).content for link in links)
    assert first != second


def test_a_clip_stands_in_for_the_film_yet_no_two_tasks_answer_with_the_same_bytes(
    emulator: Running,
) -> None:
    emulator.switch(rendering="clip")
    links = [emulator.finished(duration=4, quality="480p")["results"][0] for _ in range(2)]
    first, second = (emulator.client.get(link).content for link in links)
    assert first != second
    assert facts_of(first) == facts_of(second)
    assert emulator.client.get(links[0], headers={"Range": "bytes=4-7"}).content == b"ftyp"
