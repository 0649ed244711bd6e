"""Reference cards: each image, video and sound that was given, under its number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame
from PIL import Image, ImageDraw

from provider_emulator.media.grid import Box
from provider_emulator.media.lettering import draw_lines
from provider_emulator.media.moving import BROKEN, open_media
from provider_emulator.media.order import RenderOrder
from provider_emulator.media.pixels import Pixels
from provider_emulator.media.sound import listen
from provider_emulator.media.still import BROKEN_IMAGE, open_upright

PICTURES_PER_SECOND = 8

_PAPER = (246, 244, 238)
_INK = (24, 26, 32)
_DARK = (34, 38, 48)
_TURQUOISE = (110, 220, 190)
_BAR_PIXELS = 6
_LABEL_SPACE = 1.3

Size = tuple[int, int]


@dataclass(frozen=True)
class Card:
    """One reference; a video's card has several pictures, shown one after the other."""

    pictures: tuple[Pixels, ...]

    def at(self, second: float) -> Pixels:
        return self.pictures[int(second * PICTURES_PER_SECOND) % len(self.pictures)]


def make_cards(order: RenderOrder, boxes: Sequence[Box]) -> list[Card]:
    """Make the cards in the order in which prompts count them: images, videos, sounds."""
    kinds = (
        ("image", order.images, _image),
        ("video", order.videos, _video),
        ("audio", order.audios, _sound),
    )
    wanted = [
        (f"{kind} {number}", path, pictures)
        for kind, paths, pictures in kinds
        for number, path in enumerate(paths, start=1)
    ]
    cards = []
    for (label, path, pictures), box in zip(wanted, boxes, strict=True):
        size = box.width, box.height
        shown = pictures(path, _inside(size), order.duration) or [_nothing(_inside(size))]
        cards.append(Card(tuple(_mount(label, size, shown))))
    return cards


def _letters(size: Size) -> int:
    return max(13, min(size[1] // 8, 30))


def _edge(size: Size) -> int:
    return max(3, size[1] // 40)


def _inside(size: Size) -> Size:
    edge = _edge(size)
    return size[0] - 2 * edge, size[1] - 2 * edge - round(_letters(size) * _LABEL_SPACE)


def _mount(label: str, size: Size, pictures: Sequence[Image.Image]) -> Iterator[Pixels]:
    inside, edge = _inside(size), _edge(size)
    blank = Image.new("RGB", size, _PAPER)
    draw_lines(blank, [label], (2 * edge, edge // 3), _letters(size), _INK)
    top = size[1] - edge - inside[1]
    blank.paste(_DARK, (edge, top, edge + inside[0], top + inside[1]))
    for picture in pictures:
        card = blank.copy()
        left = edge + (inside[0] - picture.width) // 2
        card.paste(picture, (left, top + (inside[1] - picture.height) // 2))
        yield np.asarray(card)


def _nothing(inside: Size) -> Image.Image:
    picture = Image.new("RGB", inside, _DARK)
    draw_lines(picture, ["cannot be shown"], (8, 8), 14, _PAPER)
    return picture


def _image(path: Path, inside: Size, _duration: int) -> list[Image.Image]:
    try:
        return [open_upright(path, inside)]
    except BROKEN_IMAGE:
        return []


def _video(path: Path, inside: Size, duration: int) -> list[Image.Image]:
    """Take a few pictures of every second, no more of them than will be shown."""
    pictures: list[Image.Image] = []
    try:
        with open_media(path) as container:
            for number, frame in enumerate(container.decode(video=0)):
                second = number / float(container.streams.video[0].average_rate or 24)
                if second >= duration:
                    break
                if second * PICTURES_PER_SECOND >= len(pictures):
                    pictures.append(_thumbnail(frame, inside))
    except BROKEN:
        return pictures
    return pictures


def _thumbnail(frame: VideoFrame, inside: Size) -> Image.Image:
    turned = frame.rotation % 360
    box = inside if turned % 180 == 0 else inside[::-1]
    scale = min(box[0] / frame.width, box[1] / frame.height)
    width, height = max(2, round(frame.width * scale)), max(2, round(frame.height * scale))
    picture = Image.fromarray(frame.reformat(width, height, "rgb24").to_ndarray())
    return picture.rotate(turned, expand=True)


def _sound(path: Path, inside: Size, _duration: int) -> list[Image.Image]:
    """Draw the loudness over time, so that different sounds look different."""
    picture = Image.new("RGB", inside, _DARK)
    pen, middle = ImageDraw.Draw(picture), inside[1] / 2
    parts = np.array_split(np.abs(listen(path)), max(8, inside[0] // _BAR_PIXELS))
    for number, part in enumerate(parts):
        reach = max(1.0, float(part.max(initial=0)) * middle)
        left = number * inside[0] / len(parts)
        box = (left, middle - reach, left + _BAR_PIXELS / 2, middle + reach)
        pen.rectangle(box, fill=_TURQUOISE)
    return [picture]
