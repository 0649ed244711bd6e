"""Rectangles of pixels: rows, columns, three colours."""

from typing import Any

import numpy as np

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def paste(frame: Pixels, picture: Pixels, left: int, top: int) -> None:
    """Lay a picture over the frame; what lies outside is cut off."""
    height, width = picture.shape[:2]
    room = frame[top : top + height, left : left + width]
    room[:] = picture[: room.shape[0], : room.shape[1]]
