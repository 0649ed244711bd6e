"""Reading images: format, size as seen, and whether they are whole."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageOps

from provider_emulator.media.facts import Format, MediaFacts, UnreadableMediaError

# Beyond this many pixels an image is outside every limit, so it is measured but not decoded.
DECODE_PIXELS = 6000 * 6000

BROKEN_IMAGE = (
    Image.DecompressionBombError,
    OSError,
    ValueError,
    SyntaxError,
    ArithmeticError,
    LookupError,
    EOFError,
    TypeError,
)
_ROTATED_QUARTER = (5, 6, 7, 8)
_ORIENTATION_TAG = 0x0112


def read_image(path: Path, image_format: Format) -> MediaFacts:
    try:
        width, height = _size_as_seen(path, image_format)
    except Image.DecompressionBombError as error:
        raise UnreadableMediaError(
            f"The {image_format.upper()} image announces more than"
            f" {2 * (Image.MAX_IMAGE_PIXELS or 0)} pixels; it was not opened."
        ) from error
    except BROKEN_IMAGE as error:
        raise UnreadableMediaError(
            f"The {image_format.upper()} image is damaged or cut short and cannot be decoded."
        ) from error
    return MediaFacts("image", image_format, path.stat().st_size, width, height)


def open_upright(path: Path, at_most: tuple[int, int]) -> Image.Image:
    """Open an image in RGB, turned as it is meant to be seen, no larger than needed."""
    enough = 2 * max(at_most)  # turning comes after shrinking, so either side may be the longer
    with _opened(path) as image:
        image.draft("RGB", (enough, enough))
        image.thumbnail((enough, enough))
        return ImageOps.contain(_on_white(ImageOps.exif_transpose(image)), at_most)


@contextmanager
def _opened(path: Path, image_format: Format | None = None) -> Iterator[Image.Image]:
    """Open an image quietly: what is odd about a reference is not our operator's problem."""
    formats = [image_format.upper()] if image_format else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(path, formats=formats) as image:
            yield image


def _size_as_seen(path: Path, image_format: Format) -> tuple[int, int]:
    with _opened(path, image_format) as image:
        width, height = image.size
        rotated = image.getexif().get(_ORIENTATION_TAG) in _ROTATED_QUARTER
        if width * height <= DECODE_PIXELS:
            # A JPEG can be decoded at an eighth of its size, which still reads every byte.
            image.draft("L", (width // 8, height // 8))
            image.load()
    return (height, width) if rotated else (width, height)


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    white = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(white, layered).convert("RGB")
