"""A small fixed video, drawn once for each size and length, when the picture is no matter."""

import shutil
from pathlib import Path

from provider_emulator.media.order import RenderOrder
from provider_emulator.media.render import render

_PROMPT = "Fixed clip: rendering is switched off."


def fixed_clip(order: RenderOrder, folder: Path, out: Path) -> None:
    """Copy the clip of this order's size and length to `out`; draw it first where none is."""
    sound = "sound" if order.generate_audio else "silent"
    size = f"{order.width}x{order.height}"
    kept = folder / f"clip-{size}-{order.duration}s-{sound}.mp4"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        plain = RenderOrder(
            _PROMPT, order.width, order.height, order.duration, order.generate_audio
        )
        render(plain, kept)
    shutil.copyfile(kept, out)
