"""Small media files for tests, made on the spot by functions that anyone may read."""

import math
import wave
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]

TEAL: Colour = (40, 140, 140)
SAMPLE_RATE = 44_100


def picture(width: int, height: int, text: str = "", colour: Colour = TEAL) -> Image.Image:
    """Draw a coloured picture with a frame, a sun and a word in the middle."""
    image = Image.new("RGB", (width, height), colour)
    pen = ImageDraw.Draw(image)
    pen.rectangle((4, 4, width - 5, height - 5), outline="white", width=3)
    radius = min(width, height) // 8
    pen.ellipse((width // 5, height // 5, width // 5 + radius, height // 5 + radius), fill="gold")
    font = ImageFont.load_default(max(12, min(width, height) // 6))
    pen.text((width / 2, height / 2), text, fill="white", font=font, anchor="mm")
    return image


def write_png(path: Path, width: int, height: int, text: str = "", colour: Colour = TEAL) -> Path:
    picture(width, height, text, colour).save(path, "PNG")
    return path


def write_webp(path: Path, width: int, height: int, text: str = "") -> Path:
    picture(width, height, text).save(path, "WEBP")
    return path


def write_jpeg(path: Path, width: int, height: int, text: str = "", orientation: int = 1) -> Path:
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture(width, height, text).save(path, "JPEG", exif=exif)
    return path


def write_mp4(  # each argument is one fact about the file
    path: Path,
    seconds: float,
    width: int = 1280,
    height: int = 720,
    fps: Fraction | float = 24,
    *,
    audio: bool = False,
    colour: Colour = TEAL,
    container_format: str = "mp4",
) -> Path:
    """Write a video in which a white bar walks from left to right."""
    rate = Fraction(fps).limit_denominator(1001)
    with av.open(str(path), "w", format=container_format) as container:
        video = container.add_stream("libx264", rate=rate, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        sound = container.add_stream("aac", rate=SAMPLE_RATE, layout="mono") if audio else None
        count = round(seconds * rate)
        for number in range(count):
            image = np.full((height, width, 3), colour, np.uint8)
            bar = number * (width - 20) // max(1, count - 1)
            image[:, bar : bar + 20] = 255
            frame = VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = number, 1 / rate
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        if sound:
            for packet_frame in tone_frames(seconds, 440):
                container.mux(sound.encode(packet_frame))
            container.mux(sound.encode(None))
    return path


def film(seconds: float, width: int, height: int) -> bytes:
    """Return a small film with sound."""
    with TemporaryDirectory() as folder:
        return write_mp4(Path(folder) / "f.mp4", seconds, width, height, audio=True).read_bytes()


def write_wav(path: Path, seconds: float, hertz: float = 440) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(tone(seconds, hertz).tobytes())
    return path


def write_mp3(path: Path, seconds: float, hertz: float = 440) -> Path:
    with av.open(str(path), "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=SAMPLE_RATE, layout="mono")
        for frame in tone_frames(seconds, hertz):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def box_sound(sound: Path, target: Path) -> Path:
    """Put a sound into an MP4 file that has no pictures."""
    with av.open(str(sound)) as given, av.open(str(target), "w", format="mp4") as made:
        stream = made.add_stream_from_template(given.streams.audio[0])
        for packet in given.demux(audio=0):
            if packet.dts is not None:
                packet.stream = stream
                made.mux(packet)
    return target


def tone(seconds: float, hertz: float) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (12_000 * np.sin(2 * math.pi * hertz * time)).astype(np.int16)


def tone_frames(seconds: float, hertz: float) -> Iterator[AudioFrame]:
    samples = tone(seconds, hertz)
    for start in range(0, len(samples), SAMPLE_RATE):
        part = samples[start : start + SAMPLE_RATE]
        frame = AudioFrame.from_ndarray(part.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, start, Fraction(1, SAMPLE_RATE)
        yield frame
