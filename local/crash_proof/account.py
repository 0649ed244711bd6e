"""What holds the account holds every drop, so such trouble is played apart and ended by hand."""

import time
from dataclasses import dataclass

from crash_proof.command import run
from crash_proof.world import World

ENOUGH = 1.0
"""Seconds of a pause that somebody resumes; each job that meets it waits a minute and more."""


def is_paused(world: World) -> bool:
    return "paused" in world.row("CONTROL", "CONTROL")


def made_new(world: World) -> None:
    """Pause and resume, so that the next trouble is no relapse, which is probed less often."""
    run(world, "pause", "--why", "between two troubles")
    run(world, "resume")


@dataclass
class Resuming:
    """An errand: end each pause by command soon after it began."""

    world: World
    _since: float | None = None

    def __call__(self) -> None:
        if not is_paused(self.world):
            self._since = None
        elif self._since is None:
            self._since = time.monotonic()
        elif time.monotonic() > self._since + ENOUGH:
            run(self.world, "resume")
            self._since = None
