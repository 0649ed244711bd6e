import pickle
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from provider_emulator.media.pixels import Pixels
from provider_emulator.media.render import RenderOrder, render
from provider_emulator.media.scene import Scene
from provider_emulator.media.sizes import OUTPUT_SIZES
from provider_emulator.media.sound import SAMPLE_RATE, soundtrack
from tests.media_files import Colour, write_mp3, write_mp4, write_png, write_wav

RED, GREEN, BLUE = (220, 20, 20), (20, 200, 20), (20, 20, 220)
SMALL = RenderOrder("A red fox runs over snow.", 640, 640, 4)

# Every size once, every length from 4 to 15 seconds once, the long ones small.
COMBINATIONS = [
    (*key, seconds)
    for key, seconds in zip(OUTPUT_SIZES, (*range(10, 16), *range(4, 10)), strict=True)
]


@pytest.mark.parametrize(("ratio", "quality", "seconds"), COMBINATIONS)
def test_a_rendered_file_has_the_size_length_rate_and_codecs_of_the_contract(
    tmp_path: Path, ratio: str, quality: str, seconds: int
) -> None:
    width, height = OUTPUT_SIZES[ratio, quality]
    with_sound = seconds % 2 == 0
    render(RenderOrder("A fox", width, height, seconds, with_sound), out := tmp_path / "out.mp4")
    with av.open(str(out)) as container:
        video = container.streams.video[0]
        assert (video.width, video.height, video.codec_context.name) == (width, height, "h264")
        assert float(video.average_rate or 0) == 24.0
        assert video.codec_context.pix_fmt == "yuv420p"
        assert sum(1 for packet in container.demux(video) if packet.size) == seconds * 24
        assert container.duration == seconds * 1_000_000
        sounds = [stream.codec_context.name for stream in container.streams.audio]
        assert sounds == (["aac"] if with_sound else [])


def test_a_video_can_start_before_it_is_wholly_loaded(tmp_path: Path) -> None:
    render(SMALL, out := tmp_path / "out.mp4")
    content = out.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_every_frame_can_be_decoded_and_the_first_is_not_black(tmp_path: Path) -> None:
    render(SMALL, out := tmp_path / "out.mp4")
    with av.open(str(out)) as container:
        frames = [
            frame.to_ndarray(format="rgb24").astype(np.uint8) for frame in container.decode(video=0)
        ]
    assert len(frames) == 96
    assert frames[0].mean() > 40
    assert _difference(frames[0], frames[48]) > 5


def test_two_prompts_are_two_clearly_different_pictures() -> None:
    other = replace(SMALL, prompt="A blue whale sings at night.")
    assert _difference(Scene(SMALL).draw(0), Scene(other).draw(0)) > 20


def test_one_order_is_one_picture() -> None:
    assert np.array_equal(Scene(SMALL).draw(1), Scene(SMALL).draw(1))


def test_an_order_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(SMALL)) == SMALL  # noqa: S301  # our own bytes


def test_reference_images_appear_in_the_order_given(tmp_path: Path) -> None:
    images = _coloured_images(tmp_path, RED, GREEN, BLUE)
    frame = Scene(RenderOrder("A fox", 1280, 720, 4, images=images)).draw(0)
    assert _left_edge(frame, RED) < _left_edge(frame, GREEN) < _left_edge(frame, BLUE)
    swapped = Scene(RenderOrder("A fox", 1280, 720, 4, images=images[::-1])).draw(0)
    assert _left_edge(swapped, BLUE) < _left_edge(swapped, GREEN) < _left_edge(swapped, RED)


def test_each_card_bears_its_own_number(tmp_path: Path) -> None:
    (image,) = _coloured_images(tmp_path, RED)
    scene = Scene(RenderOrder("A fox", 1280, 720, 4, images=(image, image)))
    first, second = (card.at(0) for card in scene._cards)
    rows = np.flatnonzero((first != second).any(axis=(1, 2)))
    assert len(rows) > 0
    assert int(rows[-1]) < first.shape[0] // 4


def test_a_reference_video_plays_in_its_card(tmp_path: Path) -> None:
    video = write_mp4(tmp_path / "red.mp4", 2, 640, 640, colour=RED)
    (card,) = Scene(RenderOrder("A fox", 1280, 720, 4, videos=(video,)))._cards
    assert _left_edge(card.at(0), RED) > 0
    assert _difference(card.at(0), card.at(1)) > 1


def test_nine_images_three_videos_and_three_sounds_all_find_a_place(tmp_path: Path) -> None:
    order = RenderOrder(
        "Everything at once",
        *OUTPUT_SIZES["21:9", "480p"],
        4,
        images=_coloured_images(tmp_path, *[RED] * 9),
        videos=(write_mp4(tmp_path / "v.mp4", 2, 640, 640),) * 3,
        audios=(write_wav(tmp_path / "a.wav", 2),) * 3,
    )
    boxes = Scene(order)._boxes
    assert len(boxes) == 15
    assert all(box.left >= 0 and box.left + box.width <= order.width for box in boxes)
    assert min(box.width for box in boxes) >= 60


def test_reference_sounds_are_heard_one_after_the_other(tmp_path: Path) -> None:
    audios = (write_wav(tmp_path / "a.wav", 2, 500), write_mp3(tmp_path / "b.mp3", 3, 1500))
    render(replace(SMALL, audios=audios), out := tmp_path / "out.mp4")
    with av.open(str(out)) as container:
        heard = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    middle = len(heard) // 2
    assert _pitch(heard[:middle]) == pytest.approx(500, abs=2)
    assert _pitch(heard[middle:]) == pytest.approx(1500, abs=2)


def test_without_reference_sounds_each_prompt_has_its_own_melody() -> None:
    tune, other = soundtrack(SMALL), soundtrack(replace(SMALL, prompt="A whale"))
    assert len(tune) == len(other) == 4 * SAMPLE_RATE
    assert np.abs(tune).max() > 0.3
    assert not np.allclose(tune, other)


def test_chinese_letters_are_drawn_and_not_replaced_by_boxes() -> None:
    frames = [Scene(replace(SMALL, prompt=text, seed="")).draw(0) for text in ("果", "茶")]
    white = [(frame.min(axis=2) > 240).sum() for frame in frames]
    assert min(white) > 100
    assert white[0] != white[1]


@pytest.mark.parametrize(
    "prompt", ["", " ", "\n\n", "x" * 3000, "果茶" * 200_000, "a\0b\x07\u202e🍹"]
)
def test_any_prompt_can_be_drawn(prompt: str) -> None:
    assert Scene(replace(SMALL, prompt=prompt)).draw(3.9).shape == (640, 640, 3)


def test_a_prompt_too_long_for_its_panel_scrolls_to_its_end() -> None:
    order = replace(SMALL, prompt=" ".join(str(number) for number in range(900)))
    panel = Scene(order)._prompt
    black = np.zeros((640, 640, 3), np.uint8)
    panel.draw(start := black.copy(), 0)
    panel.draw(end := black.copy(), 3.9)
    assert not np.array_equal(start, end)


def test_references_that_break_after_they_were_checked_do_not_stop_the_film(
    tmp_path: Path,
) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n broken")
    order = replace(SMALL, images=(broken,), videos=(broken,), audios=(broken,))
    render(order, out := tmp_path / "out.mp4")
    assert out.stat().st_size > 0


def _coloured_images(folder: Path, *colours: Colour) -> tuple[Path, ...]:
    return tuple(
        write_png(folder / f"{number}.png", 400, 400, colour=colour)
        for number, colour in enumerate(colours)
    )


def _difference(one: Pixels, other: Pixels) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


def _left_edge(frame: Pixels, colour: Colour) -> int:
    near = np.abs(frame.astype(int) - colour).max(axis=2) < 24
    columns = np.flatnonzero(near.sum(axis=0) > 10)
    assert len(columns), f"{colour} is nowhere to be seen"
    return int(columns[0])


def _pitch(wave: np.ndarray[tuple[int], np.dtype[np.float32]]) -> float:
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave))))
    return float(np.argmax(spectrum) * SAMPLE_RATE / len(wave))
