from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame
from PIL import Image

from tests.media_files import box_sound, write_mp3, write_mp4, write_png
from video_pipeline.adapters.video_file import probe_video, write_poster
from video_pipeline.domain.media import UnreadableVideoError, VideoFacts

BLACK, WHITE, RED = (0, 0, 0), (255, 255, 255), (200, 30, 30)

Plan = Callable[[int], np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]]


def test_a_video_is_measured(tmp_path: Path) -> None:
    path = write_mp4(tmp_path / "video.mp4", 4, 834, 1112, 24, audio=True)
    assert probe_video(path) == VideoFacts(4.0, 834, 1112, "h264", "aac", 24.0)


def test_a_silent_video_has_no_audio_codec(tmp_path: Path) -> None:
    assert probe_video(write_mp4(tmp_path / "video.mp4", 2, 640, 640)).audio_codec is None


def test_a_sound_of_an_unknown_codec_is_called_unknown(tmp_path: Path) -> None:
    path = write_mp4(tmp_path / "video.mp4", 2, 640, 640, audio=True)
    nameless = path.read_bytes().replace(b"mp4a", b"????").replace(b"esds", b"????")
    path.write_bytes(nameless)
    assert probe_video(path).audio_codec == "unknown"


def test_what_is_no_video_is_unreadable_in_plain_words(tmp_path: Path) -> None:
    page = tmp_path / "video.mp4"
    page.write_text("<html>Forbidden</html>" * 50)
    with pytest.raises(UnreadableVideoError, match="no video that can be read"):
        probe_video(page)
    with pytest.raises(UnreadableVideoError, match="no video that can be read"):
        write_poster(page, tmp_path / "poster.jpg")


def test_an_empty_file_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "video.mp4").touch()
    with pytest.raises(UnreadableVideoError):
        probe_video(tmp_path / "video.mp4")


def test_a_sound_is_no_video(tmp_path: Path) -> None:
    boxed = box_sound(write_mp3(tmp_path / "sound.mp3", 2), tmp_path / "video.mp4")
    with pytest.raises(UnreadableVideoError, match="no video track"):
        probe_video(boxed)


@pytest.mark.parametrize("share", [0.05, 0.4, 0.8])
def test_a_video_cut_short_at_its_end_is_unreadable(tmp_path: Path, share: float) -> None:
    path = write_mp4(tmp_path / "video.mp4", 3, 640, 640)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(UnreadableVideoError):
        probe_video(path)


def test_a_streamable_video_cut_short_tells_how_much_is_there(tmp_path: Path) -> None:
    path = _film(tmp_path / "video.mp4", _noise, seconds=4)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(UnreadableVideoError, match=r"header promises 4\.0 s"):
        probe_video(path)


def test_the_poster_is_a_jpeg_of_the_video_s_size(tmp_path: Path) -> None:
    path = write_mp4(tmp_path / "video.mp4", 2, 834, 1112, colour=RED)
    write_poster(path, out := tmp_path / "poster.jpg")
    with Image.open(out) as poster:
        assert (poster.format, poster.size) == ("JPEG", (834, 1112))


@pytest.mark.parametrize("plain", [BLACK, WHITE, RED])
def test_the_poster_skips_pictures_that_show_nothing(
    tmp_path: Path, plain: tuple[int, int, int]
) -> None:
    path = _film(tmp_path / "v.mp4", lambda number: _plain(plain) if number < 20 else _halves())
    write_poster(path, out := tmp_path / "poster.jpg")
    with Image.open(out) as poster:
        assert _brightness(poster, (10, 32)) < 60
        assert _brightness(poster, (54, 32)) > 190


def test_a_video_that_shows_nothing_still_has_a_poster(tmp_path: Path) -> None:
    path = _film(tmp_path / "video.mp4", lambda _number: _plain(BLACK), seconds=3)
    write_poster(path, out := tmp_path / "poster.jpg")
    with Image.open(out) as poster:
        assert poster.size == (64, 64)


def test_the_poster_comes_from_the_first_two_seconds(tmp_path: Path) -> None:
    path = _film(
        tmp_path / "v.mp4",
        lambda number: _plain(BLACK) if number < 72 else _halves(),
        seconds=4,
    )
    write_poster(path, out := tmp_path / "poster.jpg")
    with Image.open(out) as poster:
        assert _brightness(poster, (54, 32)) < 30


def test_an_image_named_like_a_video_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(UnreadableVideoError):
        probe_video(write_png(tmp_path / "video.mp4", 64, 64))


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
