"""What a file holds, told by its first bytes."""

import re

HEAD_BYTES = 64

FORMATS = {
    "image_urls": ("jpeg", "png", "webp"),
    "video_urls": ("mp4", "mov"),
    "audio_urls": ("wav", "mp3"),
}
"""What the model takes in each list [seed]."""

EXTENSIONS = {
    "jpg": "jpeg",
    "jpeg": "jpeg",
    "png": "png",
    "webp": "webp",
    "mp4": "mp4",
    "mov": "mov",
    "wav": "wav",
    "mp3": "mp3",
} | {
    name: name
    for name in (
        *("gif", "bmp", "tif", "tiff", "heic", "heif", "avif", "svg", "psd", "ico", "jxl"),
        *("webm", "mkv", "avi", "wmv", "flv", "m4v", "mpg", "mpeg", "3gp", "ogv"),
        *("m4a", "aac", "ogg", "oga", "opus", "flac", "wma", "aif", "aiff"),
    )
}
"""Extensions that claim a format; any other claims nothing."""

_SIGNATURES = (
    ("jpeg", rb"\xff\xd8\xff"),
    ("png", rb"\x89PNG\r\n\x1a\n"),
    ("webp", rb"RIFF.{4}WEBP"),
    ("wav", rb"RIFF.{4}WAVE"),
    ("avi", rb"RIFF.{4}AVI "),
    ("mov", rb".{4}ftypqt  "),
    ("heic", rb".{4}ftyp(hei[cxms]|hev[cxms]|mif1|msf1)"),
    ("avif", rb".{4}ftypavi[fs]"),
    ("m4a", rb".{4}ftyp(M4A |M4B )"),
    ("mp4", rb".{4}ftyp"),
    ("mov", rb".{4}(moov|mdat|wide|free|skip|pnot)"),  # QuickTime files older than ftyp
    ("mp3", rb"ID3"),
    ("mp3", rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb]"),
    ("aac", rb"\xff[\xf0\xf1\xf8\xf9]"),
    ("gif", rb"GIF8[79]a"),
    ("bmp", rb"BM.{4}\x00\x00\x00\x00"),
    ("tiff", rb"II\*\x00|MM\x00\*"),
    ("webm or mkv", rb"\x1a\x45\xdf\xa3"),
    ("ogg", rb"OggS"),
    ("flac", rb"fLaC"),
    ("pdf", rb"%PDF-"),
    ("zip", rb"PK\x03\x04"),
    ("a web page", rb"(?i)(\xef\xbb\xbf)?\s*<(!doctype html|html|head|body)"),
    ("xml or svg", rb"(\xef\xbb\xbf)?\s*<(\?xml|svg)"),
    ("json", rb"\s*[{\[]\s*[\"{\[]"),
)
_PATTERNS = tuple((name, re.compile(pattern, re.DOTALL)) for name, pattern in _SIGNATURES)


def held_format(head: bytes) -> str | None:
    """Return what the first bytes say the file holds, None when they say nothing known."""
    return next((name for name, pattern in _PATTERNS if pattern.match(head)), None)


def claimed_format(path: str) -> str | None:
    """Return the format that the extension of a path without query claims, if it claims one."""
    name = path.rpartition("/")[2]
    return EXTENSIONS.get(name.rpartition(".")[2].lower()) if "." in name else None
