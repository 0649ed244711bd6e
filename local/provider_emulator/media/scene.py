"""One picture of the finished video at a time: background, references in order, the prompt."""

import numpy as np
from PIL import Image

from provider_emulator.media.backdrop import Backdrop
from provider_emulator.media.cards import make_cards
from provider_emulator.media.grid import Box, lay_out
from provider_emulator.media.lettering import draw_lines, line_height, text_width
from provider_emulator.media.order import RenderOrder
from provider_emulator.media.pixels import Pixels, paste
from provider_emulator.media.prompt_panel import PromptPanel

_AMBER = (255, 196, 64)
_SWAY_SECONDS = 2.5


class Scene:
    """Everything slow is drawn once, so that a frame is only a few copies of rectangles."""

    def __init__(self, order: RenderOrder) -> None:
        self._order = order
        side = min(order.width, order.height)
        self._margin = side // 24
        self._clock_size = max(16, side // 30)
        self._backdrop = Backdrop(order)
        self._prompt = PromptPanel(order, self._margin)
        self._boxes = lay_out(order.references, self._room_for_cards(), 2 * self._margin // 3)
        self._cards = make_cards(order, self._boxes)

    def draw(self, second: float) -> Pixels:
        frame = self._backdrop.draw(second)
        self._draw_head(frame, second)
        self._draw_cards(frame, second)
        self._prompt.draw(frame, second)
        self._draw_progress(frame, second)
        return frame

    def _room_for_cards(self) -> Box:
        top = self._margin // 2 + line_height(self._clock_size) + self._margin
        width = self._order.width - 2 * self._margin
        return Box(self._margin, top, width, self._prompt.top - self._margin - top)

    def _draw_head(self, frame: Pixels, second: float) -> None:
        text = f"{second:04.1f} / {self._order.duration} s   EMULATED   {self._order.task_id}"
        size, pad = self._clock_size, self._clock_size // 2
        width = min(round(text_width(text, size)) + 2 * pad, self._order.width - 2 * self._margin)
        strip = Image.new("RGB", (width, line_height(size)))
        draw_lines(strip, [text], (pad, 0), size, _AMBER)
        top, left = self._margin // 2, self._margin
        behind = frame[top : top + strip.height, left : left + width]
        np.maximum(behind >> 2, np.asarray(strip), out=behind)

    def _draw_cards(self, frame: Pixels, second: float) -> None:
        """Draw each card gently swaying; an amber edge walks through them in order."""
        if not self._cards:
            return
        marked = int(second * len(self._cards) / self._order.duration)
        for number, (card, box) in enumerate(zip(self._cards, self._boxes, strict=True)):
            sway = np.sin(2 * np.pi * second / _SWAY_SECONDS + number)
            top = box.top + round(self._margin / 5 * sway)
            if number == marked:
                edge = max(4, self._margin // 6)
                frame[
                    top - edge : top + box.height + edge,
                    box.left - edge : box.left + box.width + edge,
                ] = _AMBER
            paste(frame, card.at(second), box.left, top)

    def _draw_progress(self, frame: Pixels, second: float) -> None:
        thick = max(6, self._margin // 3)
        done = round(self._order.width * second / self._order.duration)
        frame[-thick:] >>= 2
        frame[-thick:, :done] = _AMBER
