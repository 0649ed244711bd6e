"""Which format a file's first bytes announce."""

from provider_emulator.media.facts import Format

SIGNATURE_BYTES = 512

_IMAGE_BRANDS = {b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"avif": "AVIF"}
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
)


def recognise(head: bytes) -> Format | None:
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"RIFF"):
        return {b"WEBP": "webp", b"WAVE": "wav"}.get(head[8:12])  # type: ignore[return-value]  # both are formats
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
        return f"{_IMAGE_BRANDS[head[8:12]]} image" if head[8:12] in _IMAGE_BRANDS else "M4A sound"
    text = head.lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "a web page (HTML)"
    if text.startswith((b"<?xml", b"<svg")):
        return "an SVG or XML text"
    if text.startswith((b"{", b"[")):
        return "a JSON text"
    return next(
        (name for start, name in _STRANGERS if head.startswith(start)), "of no known format"
    )
