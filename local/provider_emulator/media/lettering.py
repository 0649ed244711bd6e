"""Text on pictures: a font that has the glyphs, lines that fit."""

from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Colour = tuple[int, int, int]

LINE_SPACING = 1.3


@lru_cache(maxsize=64)
def font(size: int) -> Font:
    return ImageFont.load_default(size)


def text_width(text: str, size: int) -> float:
    return font(size).getlength(text)


def wrap(text: str, size: int, width: int) -> list[str]:
    """Break text into lines no wider than `width`, inside words only where they are too long."""
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        lines.extend(_wrap_paragraph(paragraph, size, width))
    return lines


def _wrap_paragraph(paragraph: str, size: int, width: int) -> list[str]:
    lines, line = [], ""
    for piece in _pieces(paragraph):
        if text_width(line + piece.rstrip(), size) <= width:
            line += piece
            continue
        if line:
            lines.append(line.rstrip())
        *whole, line = _split_long(piece.lstrip(), size, width)
        lines.extend(whole)
    return [*lines, line.rstrip()]


def _pieces(paragraph: str) -> list[str]:
    """Cut where a line may break: after spaces, and around wide characters."""
    pieces, word = [], ""
    for character in paragraph:
        if is_wide(character):
            pieces += [word, character] if word else [character]
            word = ""
        else:
            word += character
            if character == " ":
                pieces.append(word)
                word = ""
    return [*pieces, word] if word else pieces


def _split_long(piece: str, size: int, width: int) -> list[str]:
    parts = [""]
    for character in piece:
        if parts[-1] and text_width(parts[-1] + character, size) > width:
            parts.append("")
        parts[-1] += character
    return parts


def is_wide(character: str) -> bool:
    return (
        "\u2e80" <= character <= "\ufaff"
        or "\uff00" <= character <= "\uffef"
        or character >= "\U00020000"
    )


def line_height(size: int) -> int:
    return round(size * LINE_SPACING)


def draw_lines(
    image: Image.Image, lines: list[str], at: tuple[int, int], size: int, colour: Colour
) -> None:
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        pen.text((at[0], at[1] + number * line_height(size)), line, fill=colour, font=font(size))
