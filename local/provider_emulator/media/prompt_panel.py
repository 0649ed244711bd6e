"""The prompt on a darkened panel: as large as fits, scrolling when even small letters do not."""

import numpy as np
from PIL import Image

from provider_emulator.media.lettering import draw_lines, line_height, wrap
from provider_emulator.media.order import RenderOrder
from provider_emulator.media.pixels import Pixels

_WHITE = (250, 250, 246)
_SHARE_BESIDE_CARDS = 0.32
_SHARE_ALONE = 0.62
_STEADY_SECONDS = 1.0
_MOST_CHARACTERS = 6000


class PromptPanel:
    def __init__(self, order: RenderOrder, margin: int) -> None:
        self._duration = order.duration
        self._margin = margin
        pad = margin // 2
        room = round(order.height * (_SHARE_BESIDE_CARDS if order.references else _SHARE_ALONE))
        width = order.width - 2 * margin
        size, lines = _fit(_shown(order.prompt), order, width - 2 * pad, room - 2 * pad)
        text_height = len(lines) * line_height(size) + 2 * pad
        text = Image.new("RGB", (width, text_height))
        draw_lines(text, lines, (pad, pad), size, _WHITE)
        self._text = np.asarray(text)
        self.height = min(room, text_height)
        low = order.height - self.height - round(1.5 * margin)
        self.top = low if order.references else (order.height - self.height) // 2

    def draw(self, frame: Pixels, second: float) -> None:
        hidden = self._text.shape[0] - self.height
        share = (second - _STEADY_SECONDS) / (self._duration - 2 * _STEADY_SECONDS)
        first = round(hidden * min(1.0, max(0.0, share)))
        text = self._text[first : first + self.height]
        behind = frame[self.top : self.top + self.height, self._margin : -self._margin]
        np.maximum(behind >> 2, text, out=behind)


def _shown(prompt: str) -> str:
    """Cut what nobody could read in 15 seconds, and what would need a picture of its own."""
    return prompt if len(prompt) <= _MOST_CHARACTERS else prompt[:_MOST_CHARACTERS] + " \u2026"


def _fit(prompt: str, order: RenderOrder, width: int, height: int) -> tuple[int, list[str]]:
    """Find the largest letters with which the prompt fits, or the smallest that can be read."""
    side = min(order.width, order.height)
    largest, smallest = side // 13, max(16, side // 28)
    for size in range(largest, smallest, -2):
        # Far too long a text need not be set in every size to know that it does not fit.
        if len(prompt) * size * size > 4 * width * height:
            continue
        lines = wrap(prompt, size, width)
        if len(lines) * line_height(size) <= height:
            return size, lines
    return smallest, wrap(prompt, smallest, width)
