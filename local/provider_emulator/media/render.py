"""Draws an order as a real video file: H.264, exactly 24 frames for each second, AAC if wanted."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace
from av.video.stream import VideoStream

from provider_emulator.media.order import RenderOrder
from provider_emulator.media.scene import Scene
from provider_emulator.media.sound import SAMPLE_RATE, soundtrack

__all__ = ["FRAMES_PER_SECOND", "RenderOrder", "render"]

if TYPE_CHECKING:
    from av.packet import Packet

FRAMES_PER_SECOND = 24

_SAMPLES_PER_FRAME = SAMPLE_RATE // FRAMES_PER_SECOND
_ENCODER = {"preset": "ultrafast", "crf": "24"}


def render(order: RenderOrder, out: Path) -> None:
    """Write the video to `out`, which appears only when it is whole."""
    partial = out.with_name(out.name + ".part")
    with av.open(str(partial), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        picture = _add_picture(container, order)
        sound = _add_sound(container) if order.generate_audio else None
        container.metadata["comment"] = f"provider emulator {order.task_id}".strip()
        for packet in _packets(order, picture, sound):
            container.mux(packet)
    partial.replace(out)


def _add_picture(container: OutputContainer, order: RenderOrder) -> VideoStream:
    stream = container.add_stream("libx264", rate=FRAMES_PER_SECOND, options=_ENCODER)
    stream.width, stream.height, stream.pix_fmt = order.width, order.height, "yuv420p"
    stream.codec_context.thread_count = 1
    stream.codec_context.gop_size = 2 * FRAMES_PER_SECOND
    stream.codec_context.colorspace = Colorspace.ITU709
    return stream


def _add_sound(container: OutputContainer) -> AudioStream:
    return container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")


def _packets(
    order: RenderOrder, picture: VideoStream, sound: AudioStream | None
) -> Iterator["Packet[Any]"]:
    scene = Scene(order)
    wave = soundtrack(order) if sound else None
    for number in range(order.duration * FRAMES_PER_SECOND):
        yield from picture.encode(_video_frame(scene.draw(number / FRAMES_PER_SECOND), number))
        if sound and wave is not None:
            yield from sound.encode(_audio_frame(wave, number))
    yield from picture.encode(None)
    if sound:
        yield from sound.encode(None)


def _video_frame(pixels: np.ndarray[Any, Any], number: int) -> VideoFrame:
    frame = VideoFrame.from_ndarray(pixels, format="rgb24")
    frame = frame.reformat(format="yuv420p", dst_colorspace=Colorspace.ITU709)
    frame.pts, frame.time_base = number, Fraction(1, FRAMES_PER_SECOND)
    return frame


def _audio_frame(wave: np.ndarray[Any, Any], number: int) -> AudioFrame:
    start = number * _SAMPLES_PER_FRAME
    samples = wave[start : start + _SAMPLES_PER_FRAME]
    frame = AudioFrame.from_ndarray(np.stack([samples, samples]), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, start, Fraction(1, SAMPLE_RATE)
    return frame
