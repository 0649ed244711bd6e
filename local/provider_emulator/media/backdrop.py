"""The moving background: colours and shapes that follow from the prompt."""

import colorsys

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from provider_emulator.media.chance import dice
from provider_emulator.media.order import RenderOrder
from provider_emulator.media.pixels import Pixels

_SHAPES = 14
_WIDER = 1.5
_OPPOSITE = 0.3  # how often a shape takes the colour across the wheel


class Backdrop:
    """A picture wider than the frame, seen through a window that glides to and fro."""

    def __init__(self, order: RenderOrder) -> None:
        self._width = order.width
        self._period = float(order.duration)
        self._picture = np.asarray(_paint(order))

    def draw(self, second: float) -> Pixels:
        room = self._picture.shape[1] - self._width
        left = round(room * (1 - np.cos(2 * np.pi * second / self._period)) / 2)
        return self._picture[:, left : left + self._width].copy()


def _paint(order: RenderOrder) -> Image.Image:
    chance = dice(order)
    hue = chance.random()
    size = (round(order.width * _WIDER), order.height)
    picture = _gradient(size, _colour(hue, 0.55, 0.62), _colour(hue + 0.12, 0.6, 0.38))
    pen = ImageDraw.Draw(picture)
    for _ in range(_SHAPES):
        _draw_shape(pen, size, chance, hue)
    return picture.filter(ImageFilter.GaussianBlur(1))


def _gradient(size: tuple[int, int], top: tuple[int, ...], bottom: tuple[int, ...]) -> Image.Image:
    corners = Image.new("RGB", (2, 2))
    middle = tuple((a + b) // 2 for a, b in zip(top, bottom, strict=True))
    corners.putdata([top, middle, middle, bottom])
    return corners.resize(size, Image.Resampling.BILINEAR, box=(0.5, 0.5, 1.5, 1.5))


def _draw_shape(
    pen: ImageDraw.ImageDraw, size: tuple[int, int], chance: np.random.Generator, hue: float
) -> None:
    x, y = chance.random() * size[0], chance.random() * size[1]
    radius = size[1] * (0.06 + 0.2 * chance.random())
    nearby = hue + 0.5 * (chance.random() < _OPPOSITE) + 0.15 * chance.random()
    colour = _colour(nearby, 0.5, 0.45 + 0.3 * chance.random())
    if chance.integers(2):
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    else:
        turn = int(chance.integers(0, 90))
        pen.regular_polygon((x, y, radius), int(chance.integers(3, 7)), turn, fill=colour)


def _colour(hue: float, saturation: float, value: float) -> tuple[int, int, int]:
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)
