"""Choices that look random and are the same for the same order."""

import hashlib

import numpy as np

from provider_emulator.media.order import RenderOrder


def dice(order: RenderOrder) -> np.random.Generator:
    digest = hashlib.sha256(f"{order.prompt}\0{order.seed}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8]))
