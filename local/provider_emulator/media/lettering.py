"""Text on pictures: one font for Latin, Greek, Cyrillic, Chinese, Japanese and Korean."""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Colour = tuple[int, int, int]

_FONT_PACKAGE = "manimgx_fonts_cjk"
_FONT_FILE = "NotoSansCJK-VF.otf.ttc"
_SIMPLIFIED_CHINESE = 2
_WEIGHT = 500
_LINE_SPACING = 1.3
# No line of Chinese or Japanese begins with one of these.
_CLOSING_MARKS = (
    "\u3001\u3002\uff0c\uff0e\uff1a\uff1b\uff01\uff1f\uff09\u300b\u300d\u300f\u3011\u201d\u2019"
)


@lru_cache(maxsize=64)
def font(size: int) -> Font:
    """Load Noto Sans CJK from its package; without it Pillow's own font serves Latin text only."""
    package = find_spec(_FONT_PACKAGE)
    if package is None or package.origin is None:
        return ImageFont.load_default(size)
    path = Path(package.origin).with_name(_FONT_FILE)
    loaded = ImageFont.truetype(path, size, index=_SIMPLIFIED_CHINESE)
    loaded.set_variation_by_axes([_WEIGHT])
    return loaded


def text_width(text: str, size: int) -> float:
    return font(size).getlength(text)


def line_height(size: int) -> int:
    return round(size * _LINE_SPACING)


def draw_lines(
    image: Image.Image, lines: list[str], at: tuple[int, int], size: int, colour: Colour
) -> None:
    """Write lines downwards; `at` is the left upper corner of the first line's box."""
    pen, height = ImageDraw.Draw(image), line_height(size)
    for number, line in enumerate(lines):
        middle = at[1] + number * height + height // 2
        pen.text((at[0], middle), line, fill=colour, font=font(size), anchor="lm")


def wrap(text: str, size: int, width: int) -> list[str]:
    """Break text into lines no wider than `width`, inside words only where they are too long."""
    paragraphs = ["".join(filter(_is_drawn, part)) for part in text.splitlines()]
    return [line for part in paragraphs or [""] for line in _wrap_paragraph(part, size, width)]


def _is_drawn(character: str) -> bool:
    return character.isprintable()


def _wrap_paragraph(paragraph: str, size: int, width: int) -> list[str]:
    lines, line = [], ""
    for piece in _pieces(paragraph):
        if text_width(line + piece.rstrip(), size) <= width:
            line += piece
            continue
        if line:
            lines.append(line.rstrip())
        *whole, line = _split_long(piece, size, width)
        lines.extend(whole)
    return [*lines, line.rstrip()]


def _pieces(paragraph: str) -> list[str]:
    """Cut where a line may break: after spaces, and beside wide characters."""
    pieces = [""]
    for character in paragraph:
        if _may_break(pieces[-1][-1:], character):
            pieces.append("")
        pieces[-1] += character
    return pieces


def _may_break(before: str, after: str) -> bool:
    if after in _CLOSING_MARKS:
        return False
    return (
        before == " "
        or _is_wide(before)
        or (before != "" and before in _CLOSING_MARKS)
        or _is_wide(after)
    )


def _is_wide(character: str) -> bool:
    return "\u3041" <= character <= "\ufaff" or character >= "\U00020000"


def _split_long(piece: str, size: int, width: int) -> list[str]:
    parts = [""]
    for character in piece:
        if parts[-1] and text_width(parts[-1] + character, size) > width:
            parts.append("")
        parts[-1] += character
    return parts
