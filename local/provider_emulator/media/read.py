"""What a media file really is, found by its content and never by its name."""

from pathlib import Path

from provider_emulator.media.facts import Format, Kind, MediaFacts, UnreadableMediaError
from provider_emulator.media.moving import read_sound, read_video
from provider_emulator.media.signature import SIGNATURE_BYTES, name_the_stranger, recognise
from provider_emulator.media.still import read_image

__all__ = ["Format", "Kind", "MediaFacts", "UnreadableMediaError", "read_media"]

_READERS = {
    "jpeg": read_image,
    "png": read_image,
    "webp": read_image,
    "mp4": read_video,
    "mov": read_video,
    "wav": read_sound,
    "mp3": read_sound,
}


def read_media(path: Path) -> MediaFacts:
    """Read what the file holds; raise UnreadableMediaError when it is not media, or broken."""
    with path.open("rb") as file:
        head = file.read(SIGNATURE_BYTES)
    found = recognise(head)
    if found is None:
        raise UnreadableMediaError(
            f"The file is {name_the_stranger(head)};"
            " allowed are JPEG, PNG, WebP, MP4, MOV, WAV and MP3."
        )
    return _READERS[found](path, found)
