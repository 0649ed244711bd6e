"""Which format a file's first bytes announce."""

from provider_emulator.media.facts import Format

SIGNATURE_BYTES = 512

_IMAGE_BRANDS = {
    b"heic": "a HEIC image",
    b"heix": "a HEIC image",
    b"mif1": "a HEIC image",
    b"avif": "an AVIF image",
}
_RIFF_FORMS: dict[bytes, Format] = {b"WEBP": "webp", b"WAVE": "wav"}
_SOUND_BRANDS = (b"M4A ", b"M4B ")
_OLD_MOVIE_ATOMS = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_STRANGERS = (
    (b"GIF8", "a GIF image"),
    (b"BM", "a BMP image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"\x1aE\xdf\xa3", "a WebM or Matroska video"),
    (b"OggS", "an Ogg file"),
    (b"fLaC", "a FLAC sound"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"RIFF", "an AVI video or another RIFF file"),
    (b"<!doctype html", "a web page (HTML)"),
    (b"<html", "a web page (HTML)"),
    (b"<?xml", "an XML text"),
    (b"<svg", "an SVG drawing"),
    (b"{", "a JSON text"),
)


def recognise(head: bytes) -> Format | None:
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"RIFF"):
        return _RIFF_FORMS.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _movie_brand(head[8:12])
    if head[4:8] in _OLD_MOVIE_ATOMS:
        return "mov"
    return "mp3" if head.startswith(b"ID3") or _is_mp3_frame(head) else None


def _movie_brand(brand: bytes) -> Format | None:
    if brand in _IMAGE_BRANDS or brand in _SOUND_BRANDS:
        return None
    return "mov" if brand == b"qt  " else "mp4"


def _is_mp3_frame(head: bytes) -> bool:
    """Say whether an MPEG frame header of layer III stands first."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:  # noqa: PLR2004  # sync bits, layer III
        return False
    return head[2] >> 4 not in (0, 15) and head[2] & 0x0C != 0x0C  # noqa: PLR2004  # real bit and sample rate


def name_the_stranger(head: bytes) -> str:
    """Name what the file is instead, as far as its first bytes tell."""
    if not head:
        return "empty"
    if head[4:8] == b"ftyp":
        return _IMAGE_BRANDS.get(head[8:12], "an M4A sound")
    text = head.lstrip().lower()
    known = (name for start, name in _STRANGERS if head.startswith(start) or text.startswith(start))
    return next(known, "of no known format")
