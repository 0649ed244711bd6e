import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image

from provider_emulator.media.read import MediaFacts, UnreadableMediaError, read_media
from tests.media_files import (
    box_sound,
    write_jpeg,
    write_mp3,
    write_mp4,
    write_png,
    write_wav,
    write_webp,
)

Make = Callable[[Path], Path]

QUARTER_TURN = struct.pack(">9i", 0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30)
NO_TURN = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda path: write_png(path, 640, 480), "png"),
        (lambda path: write_jpeg(path, 640, 480), "jpeg"),
        (lambda path: write_webp(path, 640, 480), "webp"),
    ],
)
def test_an_image_is_known_by_its_content_whatever_its_name(
    tmp_path: Path, make: Make, found: str
) -> None:
    path = make(tmp_path / "holiday.mp3")
    facts = read_media(path)
    assert facts == MediaFacts("image", found, path.stat().st_size, 640, 480)  # type: ignore[arg-type]  # from a table


@pytest.mark.parametrize("form", ["mp4", "mov"])
def test_a_video_tells_its_size_length_rate_and_sound(tmp_path: Path, form: str) -> None:
    path = write_mp4(tmp_path / "clip.txt", 3, 720, 640, 30, audio=True, container_format=form)
    facts = read_media(path)
    assert (facts.kind, facts.format, facts.width, facts.height) == ("video", form, 720, 640)
    assert (facts.seconds, facts.frames_per_second, facts.has_audio) == (3.0, 30.0, True)


def test_a_silent_video_has_no_audio(tmp_path: Path) -> None:
    assert not read_media(write_mp4(tmp_path / "clip.mp4", 2, 640, 640)).has_audio


def test_a_rate_of_24000_in_1001_seconds_is_less_than_24(tmp_path: Path) -> None:
    path = write_mp4(tmp_path / "film.mp4", 2, 640, 640, Fraction(24000, 1001))
    assert read_media(path).frames_per_second == pytest.approx(23.976, abs=0.001)


@pytest.mark.parametrize(("make", "found"), [(write_wav, "wav"), (write_mp3, "mp3")])
def test_a_sound_tells_its_length(
    tmp_path: Path, make: Callable[[Path, float], Path], found: str
) -> None:
    facts = read_media(make(tmp_path / "photo.jpg", 2.5))
    assert (facts.kind, facts.format) == ("audio", found)
    assert facts.seconds == pytest.approx(2.5, abs=0.05)


def test_a_photo_taken_upright_is_measured_upright(tmp_path: Path) -> None:
    facts = read_media(write_jpeg(tmp_path / "phone.jpg", 800, 600, orientation=6))
    assert (facts.width, facts.height) == (600, 800)


def test_a_video_taken_upright_is_measured_upright(tmp_path: Path) -> None:
    path = write_mp4(tmp_path / "phone.mp4", 2, 1280, 720)
    content = path.read_bytes()
    header = content.index(b"tkhd")
    matrix = content.index(NO_TURN, header)
    path.write_bytes(content[:matrix] + QUARTER_TURN + content[matrix + len(QUARTER_TURN) :])
    facts = read_media(path)
    assert (facts.width, facts.height) == (720, 1280)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"\n<!DOCTYPE html><html></html>", "web page"),
        (b"GIF89a" + bytes(100), "GIF"),
        (b"\0\0\0\x18ftypheic" + bytes(100), "HEIC"),
        (b"\0\0\0\x18ftypavif" + bytes(100), "AVIF"),
        (b"\0\0\0\x18ftypM4A " + bytes(100), "M4A"),
        (b"\x1aE\xdf\xa3" + bytes(100), "WebM"),
        (b"RIFF\0\0\0\0AVI " + bytes(100), "AVI"),
        (b'{"error": "gone"}', "JSON"),
        (bytes(range(60, 160)), "no known format"),
    ],
)
def test_a_stranger_is_named_and_the_allowed_formats_are_listed(
    tmp_path: Path, content: bytes, told: str
) -> None:
    path = tmp_path / "image.png"
    path.write_bytes(content)
    with pytest.raises(UnreadableMediaError, match=f"{told}.*allowed are JPEG, PNG, WebP"):
        read_media(path)


@pytest.mark.parametrize(
    "make",
    [
        lambda path: write_png(path, 640, 480, "cut"),
        lambda path: write_jpeg(path, 640, 480, "cut"),
        lambda path: write_webp(path, 640, 480, "cut"),
        lambda path: write_mp4(path, 2, 640, 640),
    ],
)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7])
def test_a_file_cut_short_is_unreadable(tmp_path: Path, make: Make, share: float) -> None:
    path = make(tmp_path / "cut")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(UnreadableMediaError, match="damaged or cut short"):
        read_media(path)


@pytest.mark.parametrize(
    "start",
    [
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\0\0\0\0WEBP",
        b"RIFF\0\0\0\0WAVE",
        b"ID3\x03\0\0\0\0\0\0",
        b"\0\0\0\x18ftypmp42",
        b"\0\0\0\x18ftypqt  ",
        b"\xff\xfb\x90\x00",
    ],
)
def test_a_file_that_only_begins_like_media_is_unreadable(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "liar"
    path.write_bytes(start + b"not what it seems " * 100)
    with pytest.raises(UnreadableMediaError):
        read_media(path)


def test_a_video_whose_header_promises_more_than_it_holds_is_cut_short(tmp_path: Path) -> None:
    path = write_mp4(tmp_path / "clip.mp4", 4, 640, 640, container_format="mp4")
    content = path.read_bytes()
    movie = content.index(b"moov") - 4
    media = content.index(b"mdat") - 4
    # Leave half of the frames out, but keep the table that promises all of them.
    half = content[media : media + (movie - media) // 2]
    path.write_bytes(content[:media] + half + content[movie:])
    with pytest.raises(UnreadableMediaError, match="cut short"):
        read_media(path)


def test_a_giant_image_is_refused_without_being_decoded(tmp_path: Path) -> None:
    path = tmp_path / "giant.png"
    Image.new("1", (20_000, 20_000)).save(path)
    with pytest.raises(UnreadableMediaError, match="announces more than"):
        read_media(path)


def test_an_image_beyond_the_limits_is_still_measured(tmp_path: Path) -> None:
    path = tmp_path / "wide.png"
    Image.new("1", (9_000, 5_000)).save(path)
    assert read_media(path).width == 9_000


def test_a_table_of_two_billion_samples_is_refused_before_memory_is_reserved(
    tmp_path: Path,
) -> None:
    path = write_mp4(tmp_path / "liar.mp4", 2, 640, 640)
    content = bytearray(path.read_bytes())
    struct.pack_into(">II", content, content.index(b"stsz") + 8, 1, 0x7FFFFFFF)
    path.write_bytes(content)
    with pytest.raises(UnreadableMediaError):
        read_media(path)


def test_a_movie_without_pictures_is_no_video(tmp_path: Path) -> None:
    boxed = box_sound(write_mp3(tmp_path / "sound.mp3", 2), tmp_path / "sound.mp4")
    with pytest.raises(UnreadableMediaError, match="no video track"):
        read_media(boxed)
