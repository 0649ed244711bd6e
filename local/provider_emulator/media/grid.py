"""Where reference cards lie: in rows, as large as the room allows."""

from dataclasses import dataclass

CARD_RATIO = 4 / 3


@dataclass(frozen=True)
class Box:
    left: int
    top: int
    width: int
    height: int


def lay_out(count: int, room: Box, gap: int) -> list[Box]:
    """Find the number of columns that lets the cards be largest; a short last row is centred."""
    if count == 0:
        return []
    columns = max(range(1, count + 1), key=lambda tried: _width(count, tried, room, gap))
    rows = -(-count // columns)
    width = _width(count, columns, room, gap)
    height = round(width / CARD_RATIO)
    top = room.top + (room.height - rows * height - (rows - 1) * gap) // 2
    boxes = []
    for number in range(count):
        row, column = divmod(number, columns)
        in_row = min(columns, count - row * columns)
        left = room.left + (room.width - in_row * width - (in_row - 1) * gap) // 2
        boxes.append(Box(left + column * (width + gap), top + row * (height + gap), width, height))
    return boxes


def _width(count: int, columns: int, room: Box, gap: int) -> int:
    rows = -(-count // columns)
    across = (room.width - (columns - 1) * gap) / columns
    down = (room.height - (rows - 1) * gap) / rows
    return int(min(across, down * CARD_RATIO))
