"""Reference cards: each image, video and sound that was given, under its number."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from provider_emulator.media.lettering import draw_lines, font
from provider_emulator.media.moving import BROKEN, open_media
from provider_emulator.media.order import RenderOrder
from provider_emulator.media.sound import SAMPLE_RATE, listen
from provider_emulator.media.still import BROKEN_IMAGE, open_upright

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
Size = tuple[int, int]

STEPS_PER_SECOND = 8

_PAPER = (245, 243, 238)
_INK = (24, 26, 32)
_DARK = (34, 38, 48)
_WAVE = (110, 220, 190)


@dataclass(frozen=True)
class Card:
    """One reference; a video's card has several pictures, shown in turn."""

    label: str
    pictures: tuple[Pixels, ...]

    def at(self, second: float) -> Pixels:
        return self.pictures[int(second * STEPS_PER_SECOND) % len(self.pictures)]


def make_cards(order: RenderOrder, size: Size) -> list[Card]:
    made = [
        (kind, number, pictures(path, _inside(size), order.duration))
        for kind, paths, pictures in (
            ("image", order.images, _image_pictures),
            ("video", order.videos, _video_pictures),
            ("audio", order.audios, _audio_pictures),
        )
        for number, path in enumerate(paths, start=1)
    ]
    return [
        Card(label := f"{kind} {number}", tuple(_frame_up(label, size, pictures)))
        for kind, number, pictures in made
    ]


def label_size(size: Size) -> int:
    return max(12, min(size[1] // 7, size[0] // 7, 30))


def _inside(size: Size) -> Size:
    edge = max(3, size[1] // 40)
    return size[0] - 2 * edge, size[1] - 2 * edge - round(label_size(size) * 1.5)


def _frame_up(label: str, size: Size, pictures: Iterable[Image.Image]) -> Iterable[Pixels]:
    letters, inside = label_size(size), _inside(size)
    blank = Image.new("RGB", size, _PAPER)
    edge = (size[0] - inside[0]) // 2
    draw_lines(blank, [label], (edge * 2, round(letters * 0.1) + edge // 2), letters, _INK)
    for picture in pictures:
        card = blank.copy()
        matte = Image.new("RGB", inside, _DARK)
        matte.paste(picture, ((inside[0] - picture.width) // 2, (inside[1] - picture.height) // 2))
        card.paste(matte, (edge, size[1] - edge - inside[1]))
        yield np.asarray(card)


def _image_pictures(path: Path, inside: Size, _duration: int) -> list[Image.Image]:
    try:
        return [open_upright(path, inside)]
    except BROKEN_IMAGE:
        return [_nothing_to_show(inside)]


def _video_pictures(path: Path, inside: Size, duration: int) -> list[Image.Image]:
    """Take a few frames of every second, no more seconds than will be shown."""
    pictures: list[Image.Image] = []
    try:
        with open_media(path) as container:
            stream = container.streams.video[0]
            stream.codec_context.skip_loop_filter = "ALL"  # thumbnails need no smoothing
            for frame in container.decode(stream):
                second = (frame.time or 0) - float(
                    (stream.start_time or 0) * (stream.time_base or 0)
                )
                if second >= duration:
                    break
                if second * STEPS_PER_SECOND >= len(pictures):
                    pictures.append(_thumbnail(frame, inside))
    except BROKEN:
        pass
    return pictures or [_nothing_to_show(inside)]


def _thumbnail(frame: Any, inside: Size) -> Image.Image:
    turned = frame.rotation % 360
    box = inside if turned % 180 == 0 else inside[::-1]
    scale = min(box[0] / frame.width, box[1] / frame.height)
    size = max(2, round(frame.width * scale)), max(2, round(frame.height * scale))
    picture = frame.reformat(width=size[0], height=size[1], format="rgb24").to_image()
    return picture.rotate(turned, expand=True) if turned else picture


def _audio_pictures(path: Path, inside: Size, _duration: int) -> list[Image.Image]:
    """Draw the loudness over time, so that different sounds look different."""
    picture = Image.new("RGB", inside, _DARK)
    pen = ImageDraw.Draw(picture)
    wave = np.abs(listen(path))
    bars = [part.max(initial=0) for part in np.array_split(wave, max(8, inside[0] // 5))]
    middle, step = inside[1] / 2, inside[0] / len(bars)
    for number, loud in enumerate(bars):
        reach = max(1.0, loud * middle)
        x = number * step
        pen.rectangle((x, middle - reach, x + step * 0.6, middle + reach), fill=_WAVE)
    return [picture]


def _nothing_to_show(inside: Size) -> Image.Image:
    picture = Image.new("RGB", inside, _DARK)
    ImageDraw.Draw(picture).text((8, 8), "cannot be shown", fill=_PAPER, font=font(14))
    return picture
