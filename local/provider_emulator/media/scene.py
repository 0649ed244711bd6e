"""One picture of the finished video at a time: background, references in order, the prompt."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from provider_emulator.media.backdrop import Backdrop
from provider_emulator.media.cards import Card, make_cards
from provider_emulator.media.lettering import draw_lines, line_height, text_width, wrap
from provider_emulator.media.order import RenderOrder

Pixels = np.ndarray[Any, np.dtype[np.uint8]]

_WHITE = (255, 255, 255)
_SOFT = (198, 205, 220)
_PANEL = (22, 25, 34)
_ACCENT = (255, 196, 64)
_CARD_RATIO = 4 / 3


class Scene:
    """Everything slow is drawn once, so that a frame is only a few copies of rectangles."""

    def __init__(self, order: RenderOrder) -> None:
        self._order = order
        self._margin = min(order.width, order.height) // 24
        self._backdrop = Backdrop(order)
        self._panel = _prompt_panel(order, self._margin)
        self._places, size = _places(order, self._margin, self._panel_top)
        self._cards = make_cards(order, size) if self._places else []
        self._clock = max(14, min(order.width, order.height) // 26)

    @property
    def _panel_top(self) -> int:
        return self._order.height - 2 * self._margin - self._panel_height

    @property
    def _panel_height(self) -> int:
        return _panel_height(self._order)

    def draw(self, second: float) -> Pixels:
        frame = self._backdrop.draw(second)
        self._draw_head(frame, second)
        for number, (card, place) in enumerate(zip(self._cards, self._places, strict=True)):
            self._draw_card(frame, card, place, second, number)
        self._draw_prompt(frame, second)
        self._draw_progress(frame, second)
        return frame

    def _draw_head(self, frame: Pixels, second: float) -> None:
        text = f"EMULATED   {second:04.1f} / {self._order.duration} s   {self._order.task_id}"
        chip = Image.new(
            "RGB", (self._order.width - 2 * self._margin, line_height(self._clock)), _PANEL
        )
        draw_lines(chip, [text], (self._clock // 2, 0), self._clock, _ACCENT)
        _paste(frame, np.asarray(chip), self._margin, self._margin // 2)

    def _draw_card(
        self, frame: Pixels, card: Card, place: tuple[int, int], second: float, number: int
    ) -> None:
        picture = card.at(second)
        sway = round(self._margin / 4 * np.sin(2 * np.pi * second / 2.5 + number))
        x, y = place[0], place[1] + sway
        share = self._order.duration / len(self._cards)
        if number == int(second / share):
            edge = max(3, self._margin // 6)
            height, width = picture.shape[:2]
            frame[max(0, y - edge) : y + height + edge, max(0, x - edge) : x + width + edge] = (
                _ACCENT
            )
        _paste(frame, picture, x, y)

    def _draw_prompt(self, frame: Pixels, second: float) -> None:
        hidden = self._panel.shape[0] - self._panel_height
        top = round(hidden * min(1.0, second / (self._order.duration - 1)))
        _paste(frame, self._panel[top : top + self._panel_height], self._margin, self._panel_top)

    def _draw_progress(self, frame: Pixels, second: float) -> None:
        thick = max(4, self._margin // 3)
        done = round(self._order.width * (second + 1 / 24) / self._order.duration)
        frame[-thick:] = _PANEL
        frame[-thick:, :done] = _ACCENT


def _paste(frame: Pixels, picture: Pixels, x: int, y: int) -> None:
    height, width = picture.shape[:2]
    room = frame[y : y + height, x : x + width]
    room[:] = picture[: room.shape[0], : room.shape[1]]


def _panel_height(order: RenderOrder) -> int:
    given = len(order.images) + len(order.videos) + len(order.audios)
    return round(order.height * (0.3 if given else 0.6))


def _prompt_panel(order: RenderOrder, margin: int) -> Pixels:
    """Set the prompt as large as fits; what does not fit even when small scrolls past."""
    width, height = order.width - 2 * margin, _panel_height(order)
    pad = margin // 2 + 4
    largest, smallest = max(18, min(order.width, order.height) // 14), max(14, order.height // 45)
    for size in range(largest, smallest - 1, -2):
        lines = wrap(order.prompt, size, width - 2 * pad)
        if len(lines) * line_height(size) <= height - 2 * pad:
            break
    tall = max(height, len(lines) * line_height(size) + 2 * pad)
    panel = Image.new("RGB", (width, tall), _PANEL)
    draw_lines(panel, lines, (pad, pad), size, _WHITE)
    return np.asarray(panel)


def _places(
    order: RenderOrder, margin: int, bottom: int
) -> tuple[list[tuple[int, int]], tuple[int, int]]:
    """Find the number of columns that lets the cards be largest."""
    count = len(order.images) + len(order.videos) + len(order.audios)
    if not count:
        return [], (0, 0)
    top = margin // 2 + line_height(max(14, min(order.width, order.height) // 26)) + margin // 2
    gap = margin // 2
    room = order.width - 2 * margin, bottom - top - gap
    width, columns = max(
        (_card_width(room, count, columns, gap), -columns) for columns in range(1, count + 1)
    )
    columns, height = -columns, round(width / _CARD_RATIO)
    rows = -(-count // columns)
    left = (order.width - columns * width - (columns - 1) * gap) // 2
    down = top + (room[1] - rows * height - (rows - 1) * gap) // 2
    places = [
        (left + number % columns * (width + gap), down + number // columns * (height + gap))
        for number in range(count)
    ]
    return places, (width, height)


def _card_width(room: tuple[int, int], count: int, columns: int, gap: int) -> int:
    rows = -(-count // columns)
    across = (room[0] - (columns - 1) * gap) / columns
    down = (room[1] - (rows - 1) * gap) / rows
    return int(min(across, down * _CARD_RATIO))
