"""Media files at, just inside and just outside each limit, each with its verdict."""

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import av
import numpy as np
from av.packet import Packet
from av.video.frame import VideoFrame
from PIL import Image

from tests.media_files import write_jpeg, write_mp3, write_wav

Make = Callable[[Path], object]
Frame: TypeAlias = "Packet[Any]"

QUARTER_TURN = struct.pack(">9i", 0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30)
NO_TURN = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 1 << 30)
SMALL = (640, 640)


@dataclass(frozen=True)
class Case:
    """One file: how it is made, the codes it earns, and the most that may be fetched of it."""

    name: str
    make: Make
    codes: tuple[str, ...] = ()
    facts: tuple[int | float | None, ...] = ()  # width, height, seconds
    most_fetched: int | None = None

    @property
    def field(self) -> str:
        kinds = {"mp4": "video_urls", "mov": "video_urls", "wav": "audio_urls", "mp3": "audio_urls"}
        return kinds.get(self.name.rpartition(".")[2], "image_urls")


def flat(path: Path, width: int, height: int, form: str = "PNG") -> None:
    Image.new("L", (width, height), 90).save(path, form)


def noisy(path: Path, width: int, height: int, form: str) -> None:
    """A picture that does not compress, so that its file is large."""
    pixels = np.random.default_rng(7).integers(0, 256, (height, width, 3), np.uint8)
    options = {"lossless": True, "method": 0} if form == "WEBP" else {"compress_level": 0}
    Image.fromarray(pixels).save(path, form, **options)


def bomb(path: Path, side: int) -> None:
    """A PNG of a few bytes that announces a huge picture."""
    flat(path, 8, 8)
    content = path.read_bytes()
    head = b"IHDR" + struct.pack(">II", side, side) + content[24:29]
    path.write_bytes(content[:12] + head + struct.pack(">I", zlib.crc32(head)) + content[33:])


def turned_webp(path: Path, width: int, height: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (width, height)).save(path, "WEBP", exif=exif)


def video(
    path: Path,
    seconds: float,
    size: tuple[int, int] = SMALL,
    fps: Fraction | float = 24,
    options: dict[str, str] | None = None,
    padding: int = 0,
) -> None:
    """Write a still video cheaply; `padding` makes every frame that much larger."""
    rate = Fraction(fps).limit_denominator(1001)
    form = "mov" if path.suffix == ".mov" else "mp4"
    with av.open(str(path), "w", format=form, options=options or {}) as container:
        stream = container.add_stream("libx264", rate=rate, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        image = np.full((size[1] * 3 // 2, size[0]), 90, np.uint8)
        for number in range(round(seconds * rate)):
            frame = VideoFrame.from_ndarray(image, format="yuv420p")
            frame.pts, frame.time_base = number, 1 / rate
            for packet in stream.encode(frame):
                container.mux(_padded(packet, padding))
        for packet in stream.encode(None):
            container.mux(_padded(packet, padding))


def _padded(packet: "Frame", padding: int) -> "Frame":
    """Add filler data, a unit of its own that decoders skip (H.264, NAL unit type 12)."""
    if not padding:
        return packet
    made: Frame = Packet(bytes(packet) + b"\0\0\0\1\x0c" + b"\xff" * padding + b"\x80")
    made.pts, made.dts, made.time_base = packet.pts, packet.dts, packet.time_base
    made.duration, made.stream, made.is_keyframe = (
        packet.duration,
        packet.stream,
        packet.is_keyframe,
    )
    return made


def variable(path: Path, gaps: tuple[int, ...]) -> None:
    """Write a video whose frames last now so many, now so many ticks of 1/120 s."""
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=30, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = *SMALL, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 120)
        image, at = np.full((960, 640), 90, np.uint8), 0
        for gap in gaps:
            frame = VideoFrame.from_ndarray(image, format="yuv420p")
            frame.pts, frame.time_base = at, Fraction(1, 120)
            at += gap
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def turned(path: Path, width: int, height: int) -> None:
    video(path, 2, (width, height))
    content = path.read_bytes()
    at = content.index(NO_TURN, content.index(b"tkhd"))
    path.write_bytes(content[:at] + QUARTER_TURN + content[at + 36 :])


def cut(path: Path, make: Make, share: float) -> None:
    make(path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])


def streamed_wav(path: Path, seconds: float) -> None:
    """A WAV whose writer never came back to fill in its length."""
    write_wav(path, seconds)
    content = path.read_bytes()
    path.write_bytes(content[:40] + b"\xff\xff\xff\xff" + content[44:])


def headerless_mp3(path: Path, seconds: float, quality: str | None = None) -> None:
    """An MP3 without the frame that tells its length; with a quality its bit rate varies."""
    form = {"write_xing": "0", "id3v2_version": "0"}
    with av.open(str(path), "w", format="mp3", options=form) as container:
        stream = container.add_stream("libmp3lame", rate=44_100, layout="mono")
        if quality:
            stream.codec_context.flags |= av.codec.context.Flags.qscale
            stream.codec_context.options = {"compression_level": "7"}
            stream.codec_context.global_quality = 118 * int(quality)
        for frame in _half_silent(seconds):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _half_silent(seconds: float) -> list[av.AudioFrame]:
    count = round(seconds * 44_100)
    samples = np.random.default_rng(3).integers(-9000, 9000, count).astype(np.int16)
    samples[: count // 2] = 0
    frames = []
    for start in range(0, count, 44_100):
        part = samples[start : start + 44_100]
        frame = av.AudioFrame.from_ndarray(part.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 44_100, start, Fraction(1, 44_100)
        frames.append(frame)
    return frames


def covered_mp3(path: Path, seconds: float, cover: int) -> None:
    """An MP3 with a large picture in the tag in front."""
    headerless_mp3(path, seconds)
    sound = path.read_bytes()
    frame = b"APIC" + struct.pack(">I", cover) + b"\0\0" + bytes(cover)
    seven = bytes(len(frame) >> shift & 0x7F for shift in (21, 14, 7, 0))
    path.write_bytes(b"ID3\x03\0\0" + seven + frame + sound)


def wordy_jpeg(path: Path, size: int) -> None:
    """A JPEG whose frame header comes after this many bytes of other segments."""
    write_jpeg(path, 640, 480)
    content = path.read_bytes()
    segment = b"\xff\xed" + struct.pack(">H", 65_535) + bytes(65_533)
    path.write_bytes(content[:2] + segment * (size // 65_537) + content[2:])


def lying_table(path: Path) -> None:
    video(path, 2)
    content = path.read_bytes()
    at = content.index(b"stsz") + 12
    path.write_bytes(content[:at] + b"\x7f\xff\xff\xff" + content[at + 4 :])


FRAGMENTED = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
EVERY_SECOND = {**FRAGMENTED, "frag_duration": "1000000"}
FRONT = {"movflags": "faststart"}
BLOCK = 65_536

IMAGES = (
    Case("least.png", partial(flat, width=300, height=300), facts=(300, 300, None)),
    Case("narrow.png", partial(flat, width=299, height=300), ("reference_side",)),
    Case("low.png", partial(flat, width=300, height=299), ("reference_side",)),
    Case("most.png", partial(flat, width=6000, height=6000)),
    Case("inside.png", partial(flat, width=5999, height=5999)),
    Case("wide.png", partial(flat, width=6001, height=6000), ("reference_side",)),
    Case("high.png", partial(flat, width=6000, height=6001), ("reference_side",)),
    Case("widest.png", partial(flat, width=1000, height=400)),
    Case("wider.png", partial(flat, width=1001, height=400), ("reference_ratio",)),
    Case("tallest.png", partial(flat, width=400, height=1000)),
    Case("taller.png", partial(flat, width=400, height=1001), ("reference_ratio",)),
    Case("strip.png", partial(flat, width=2000, height=200), ("reference_side", "reference_ratio")),
    Case("a.jpg", partial(flat, width=300, height=750, form="JPEG"), facts=(300, 750, None)),
    Case("b.jpg", partial(flat, width=299, height=700, form="JPEG"), ("reference_side",)),
    Case("turned.jpg", partial(write_jpeg, width=800, height=500, orientation=6),
         facts=(500, 800, None)),
    Case("turned-over.jpg", partial(write_jpeg, width=800, height=500, orientation=3),
         facts=(800, 500, None)),
    Case("wordy.jpg", partial(wordy_jpeg, size=1_300_000), facts=(640, 480, None)),
    Case("a.webp", partial(flat, width=300, height=750, form="WEBP"), facts=(300, 750, None)),
    Case("b.webp", partial(flat, width=300, height=751, form="WEBP"), ("reference_ratio",)),
    Case("c.webp", partial(flat, width=299, height=400, form="WEBP"), ("reference_side",)),
    Case("turned.webp", partial(turned_webp, width=800, height=500), facts=(500, 800, None)),
    Case("large.webp", partial(noisy, width=1300, height=1200, form="WEBP"),
         facts=(1300, 1200, None), most_fetched=BLOCK),
    Case("large.png", partial(noisy, width=2900, height=2900, form="PNG"),
         facts=(2900, 2900, None), most_fetched=BLOCK),
    Case("bomb.png", partial(bomb, side=60_000), ("reference_side",), most_fetched=BLOCK),
    Case("cut.png", partial(cut, make=partial(flat, width=400, height=400), share=0.02),
         ("reference_unreadable",)),
    Case("cut.jpg", partial(cut, make=partial(flat, width=400, height=400, form="JPEG"),
                            share=0.05), ("reference_unreadable",)),
    Case("cut.webp", partial(cut, make=partial(flat, width=900, height=900, form="WEBP"),
                             share=0.01), ("reference_unreadable",)),
)  # fmt: skip

VIDEOS = (
    Case("two.mp4", partial(video, seconds=2), facts=(640, 640, 2.0)),
    Case("short.mp4", partial(video, seconds=1.9), ("reference_seconds",)),
    Case("fifteen.mp4", partial(video, seconds=15), facts=(640, 640, 15.0)),
    Case("long.mp4", partial(video, seconds=15.1), ("reference_seconds",)),
    Case("two.mov", partial(video, seconds=2), facts=(640, 640, 2.0)),
    Case("long.mov", partial(video, seconds=15.25), ("reference_seconds",)),
    Case("least.mp4", partial(video, seconds=2, size=(640, 640))),
    Case("less.mp4", partial(video, seconds=2, size=(640, 638)), ("reference_frame_size",)),
    Case("most.mp4", partial(video, seconds=2, size=(2206, 946)), facts=(2206, 946, 2.0)),
    Case("more.mp4", partial(video, seconds=2, size=(2206, 948)), ("reference_frame_size",)),
    Case("hd.mp4", partial(video, seconds=2, size=(1920, 1080))),
    Case("widest.mp4", partial(video, seconds=2, size=(1600, 640))),
    Case("wider.mp4", partial(video, seconds=2, size=(1602, 640)), ("reference_ratio",)),
    Case("tallest.mp4", partial(video, seconds=2, size=(640, 1600))),
    Case("taller.mp4", partial(video, seconds=2, size=(640, 1602)), ("reference_ratio",)),
    Case("low.mp4", partial(video, seconds=2, size=(1400, 298)),
         ("reference_side", "reference_ratio")),
    Case("film.mp4", partial(video, seconds=2, fps=Fraction(24000, 1001)),
         ("reference_frame_rate",)),
    Case("ntsc.mp4", partial(video, seconds=2, fps=Fraction(30000, 1001))),
    Case("pal.mp4", partial(video, seconds=2, fps=25)),
    Case("sixty.mp4", partial(video, seconds=2, fps=60)),
    Case("sixty-one.mp4", partial(video, seconds=2, fps=61), ("reference_frame_rate",)),
    Case("twenty-three.mp4", partial(video, seconds=2, fps=23), ("reference_frame_rate",)),
    Case("variable.mp4", partial(variable, gaps=(2, 4, 6) * 20), facts=(640, 640, 2.0)),
    Case("variable-slow.mp4", partial(variable, gaps=(4, 6, 8) * 20), ("reference_frame_rate",)),
    Case("turned.mp4", partial(turned, width=1280, height=720), facts=(720, 1280, 2.0)),
    Case("front.mp4", partial(video, seconds=4, options=FRONT, padding=60_000),
         facts=(640, 640, 4.0), most_fetched=2_200_000),
    Case("end.mp4", partial(video, seconds=4, padding=60_000), facts=(640, 640, 4.0),
         most_fetched=2_200_000),
    Case("end.mov", partial(video, seconds=4, padding=60_000), facts=(640, 640, 4.0),
         most_fetched=2_200_000),
    Case("fragmented.mp4", partial(video, seconds=3, options=FRAGMENTED), facts=(640, 640, 3.0)),
    Case("fragmented-long.mp4", partial(video, seconds=15.5, options=EVERY_SECOND),
         ("reference_seconds",)),
    Case("fragmented-large.mp4",
         partial(video, seconds=6, options=EVERY_SECOND, padding=60_000),
         facts=(640, 640, 6.0), most_fetched=3_000_000),
    Case("cut-index.mp4", partial(cut, make=partial(video, seconds=3), share=0.9),
         ("reference_unreadable",)),
    Case("cut-frames.mp4",
         partial(cut, make=partial(video, seconds=4, options=FRONT, padding=9_000), share=0.6),
         ("reference_unreadable",)),
    Case("lying-table.mp4", lying_table, ("reference_unreadable",)),
)  # fmt: skip

SOUNDS = (
    Case("two.wav", partial(write_wav, seconds=2), facts=(None, None, 2.0)),
    Case("short.wav", partial(write_wav, seconds=1.94), ("reference_seconds",)),
    Case("nearly.wav", partial(write_wav, seconds=1.96)),
    Case("fifteen.wav", partial(write_wav, seconds=15), most_fetched=BLOCK),
    Case("padded.wav", partial(write_wav, seconds=15.04)),
    Case("long.wav", partial(write_wav, seconds=15.1), ("reference_seconds",)),
    Case("streamed.wav", partial(streamed_wav, seconds=3), facts=(None, None, 3.0)),
    Case("cut.wav", partial(cut, make=partial(write_wav, seconds=10), share=0.5),
         facts=(None, None, 5.0)),
    Case("two.mp3", partial(write_mp3, seconds=2)),
    Case("short.mp3", partial(write_mp3, seconds=1.8), ("reference_seconds",)),
    Case("fifteen.mp3", partial(write_mp3, seconds=14.95)),
    Case("long.mp3", partial(write_mp3, seconds=15.2), ("reference_seconds",)),
    Case("headerless.mp3", partial(headerless_mp3, seconds=5), facts=(None, None, 5.0)),
    Case("variable.mp3", partial(headerless_mp3, seconds=12, quality="2"),
         facts=(None, None, 12.0)),
    Case("variable-long.mp3", partial(headerless_mp3, seconds=16, quality="2"),
         ("reference_seconds",)),
    Case("covered.mp3", partial(covered_mp3, seconds=4, cover=5_000_000),
         facts=(None, None, 4.0), most_fetched=500_000),
    Case("noise.mp3", lambda path: path.write_bytes(b"ID3\3\0\0\0\0\0\0" + b"words " * 500),
         ("reference_unreadable",)),
)  # fmt: skip

CORPUS = (*IMAGES, *VIDEOS, *SOUNDS)
