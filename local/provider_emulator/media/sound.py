"""The sound track: the reference sounds one after the other, or a melody made from the prompt."""

from pathlib import Path
from typing import Any

import numpy as np
from av.audio.resampler import AudioResampler

from provider_emulator.media.chance import dice
from provider_emulator.media.moving import BROKEN, open_media
from provider_emulator.media.order import RenderOrder

SAMPLE_RATE = 48_000

Wave = np.ndarray[Any, np.dtype[np.float32]]

_LOUDNESS = 0.7
_NOTE_SECONDS = 0.5
_PENTATONIC = (0, 2, 4, 7, 9, 12, 14, 16)
_LOWEST_NOTE_HERTZ = 220.0
_FADE_SECONDS = 0.02


def soundtrack(order: RenderOrder) -> Wave:
    """Give each reference sound an equal share of the time, in order, so that each is heard."""
    length = order.duration * SAMPLE_RATE
    sounds = [sound for path in order.audios if (sound := listen(path)).size]
    if not sounds:
        return _melody(order, length)
    edges = np.linspace(0, length, len(sounds) + 1).astype(int)
    spans = zip(sounds, edges[:-1], edges[1:], strict=True)
    return np.concatenate([_looped(sound, int(end - start)) for sound, start, end in spans])


def listen(path: Path) -> Wave:
    """Decode a sound to one channel at our rate; what cannot be decoded is left out."""
    resampler = AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
    heard = []
    try:
        with open_media(path) as container:
            for frame in container.decode(audio=0):
                heard += [part.to_ndarray()[0] for part in resampler.resample(frame)]
    except BROKEN:
        pass
    wave = np.concatenate(heard) if heard else np.zeros(0, np.float32)
    peak = float(np.abs(wave).max(initial=0))
    return wave * np.float32(_LOUDNESS / peak) if peak > 0 else wave


def _looped(sound: Wave, length: int) -> Wave:
    wave = np.resize(sound, length)
    fade = min(int(_FADE_SECONDS * SAMPLE_RATE), length // 2)
    ramp = np.linspace(0, 1, fade, dtype=np.float32)
    wave[:fade] *= ramp
    wave[length - fade :] *= ramp[::-1]
    return wave


def _melody(order: RenderOrder, length: int) -> Wave:
    samples = int(_NOTE_SECONDS * SAMPLE_RATE)
    time = np.arange(samples) / SAMPLE_RATE
    envelope = np.minimum(time / 0.03, 1) * np.exp(-4 * time)
    steps = dice(order).choice(_PENTATONIC, -(-length // samples))
    notes = [np.sin(2 * np.pi * _LOWEST_NOTE_HERTZ * 2 ** (step / 12) * time) for step in steps]
    tune = np.concatenate([note * envelope for note in notes])[:length]
    return (_LOUDNESS * tune).astype(np.float32)
