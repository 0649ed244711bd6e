import struct
from collections.abc import Callable
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame
from PIL import Image

from tests.media.shelf import Memory
from tests.media_files import box_sound, write_mp3, write_mp4, write_png
from video_pipeline.adapters.ranged_file import RangedFile
from video_pipeline.adapters.video_file import read_video
from video_pipeline.domain.media import UnreadableVideoError, VideoFacts

BLACK, WHITE, RED = (0, 0, 0), (255, 255, 255), (200, 30, 30)


def facts_of(path: Path) -> VideoFacts:
    return read_video(RangedFile(Memory(path.read_bytes())))[0]


def poster_of(path: Path) -> Image.Image:
    return Image.open(BytesIO(read_video(RangedFile(Memory(path.read_bytes())))[1]))


Plan = Callable[[int], np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]]


def test_a_video_is_measured(tmp_path: Path) -> None:
    path = write_mp4(tmp_path / "video.mp4", 4, 834, 1112, 24, audio=True)
    assert facts_of(path) == VideoFacts(4.0, 834, 1112, "h264", "aac", 24.0)


def test_a_silent_video_has_no_audio_codec(tmp_path: Path) -> None:
    assert facts_of(write_mp4(tmp_path / "video.mp4", 2, 640, 640)).audio_codec is None


def test_a_sound_of_an_unknown_codec_is_called_unknown(tmp_path: Path) -> None:
    path = write_mp4(tmp_path / "video.mp4", 2, 640, 640, audio=True)
    nameless = path.read_bytes().replace(b"mp4a", b"????").replace(b"esds", b"????")
    path.write_bytes(nameless)
    assert facts_of(path).audio_codec == "unknown"


def test_what_is_no_video_is_unreadable_in_plain_words(tmp_path: Path) -> None:
    page = tmp_path / "video.mp4"
    page.write_text("<html>Forbidden</html>" * 50)
    with pytest.raises(UnreadableVideoError, match="no video, but a web page"):
        facts_of(page)


def test_an_empty_file_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "video.mp4").touch()
    with pytest.raises(UnreadableVideoError):
        facts_of(tmp_path / "video.mp4")


def test_a_sound_is_no_video(tmp_path: Path) -> None:
    boxed = box_sound(write_mp3(tmp_path / "sound.mp3", 2), tmp_path / "video.mp4")
    with pytest.raises(UnreadableVideoError, match="no video that can be read"):
        facts_of(boxed)


@pytest.mark.parametrize("share", [0.05, 0.4, 0.8])
def test_a_video_cut_short_at_its_end_is_unreadable(tmp_path: Path, share: float) -> None:
    path = write_mp4(tmp_path / "video.mp4", 3, 640, 640)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(UnreadableVideoError):
        facts_of(path)


def test_a_streamable_video_cut_short_tells_how_much_is_missing(tmp_path: Path) -> None:
    path = _film(tmp_path / "video.mp4", _noise, seconds=4)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(UnreadableVideoError, match=r"cut short: 5\d\.\d% of its content"):
        facts_of(path)


def test_the_poster_is_a_jpeg_of_the_video_s_size(tmp_path: Path) -> None:
    path = write_mp4(tmp_path / "video.mp4", 2, 834, 1112, colour=RED)
    with poster_of(path) as poster:
        assert (poster.format, poster.size) == ("JPEG", (834, 1112))


@pytest.mark.parametrize("plain", [BLACK, WHITE, RED])
def test_the_poster_skips_pictures_that_show_nothing(
    tmp_path: Path, plain: tuple[int, int, int]
) -> None:
    path = _film(tmp_path / "v.mp4", lambda number: _plain(plain) if number < 20 else _halves())
    with poster_of(path) as poster:
        assert _brightness(poster, (10, 32)) < 60
        assert _brightness(poster, (54, 32)) > 190


def test_a_video_that_shows_nothing_still_has_a_poster(tmp_path: Path) -> None:
    path = _film(tmp_path / "video.mp4", lambda _number: _plain(BLACK), seconds=3)
    with poster_of(path) as poster:
        assert poster.size == (64, 64)


def test_the_poster_of_a_film_that_begins_black_for_long_is_not_black(tmp_path: Path) -> None:
    path = _film(
        tmp_path / "v.mp4",
        lambda number: _plain(BLACK) if number < 72 else _halves(),
        seconds=4,
    )
    with poster_of(path) as poster:
        assert _brightness(poster, (54, 32)) > 190


def test_the_poster_of_a_film_that_fades_in_is_not_its_first_shimmer(tmp_path: Path) -> None:
    path = _film(tmp_path / "v.mp4", lambda number: _halves() // 48 * min(number, 48))
    with poster_of(path) as poster:
        assert _brightness(poster, (54, 32)) > 60


def test_a_large_film_is_looked_at_by_few_of_its_bytes(tmp_path: Path) -> None:
    path = write_mp4(tmp_path / "video.mp4", 1, 320, 320)
    content = path.read_bytes() + struct.pack(">I4s", 9_000_000, b"free").ljust(9_000_000, b"x")
    source = Memory(content)
    assert read_video(file := RangedFile(source))[0].width == 320
    assert file.fetched < 600_000
    assert source.reads < 6


def test_an_image_named_like_a_video_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(UnreadableVideoError):
        facts_of(write_png(tmp_path / "video.mp4", 64, 64))


def _film(path: Path, plan: Plan, seconds: int = 2) -> Path:
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for number in range(seconds * 24):
            frame = VideoFrame.from_ndarray(plan(number), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 24)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _plain(colour: tuple[int, int, int]) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    return np.full((64, 64, 3), colour, np.uint8)


def _halves() -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    picture = _plain(BLACK)
    picture[:, 32:] = 240
    return picture


def _noise(number: int) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    return np.random.default_rng(number).integers(0, 255, (64, 64, 3), np.uint8)


def _brightness(picture: Image.Image, at: tuple[int, int]) -> int:
    return int(np.asarray(picture.convert("L"))[at[1], at[0]])
