"""Reconcile has no job of its own: it is called as its schedule would, and dies by its own plan."""

import time
from dataclasses import dataclass

from crash_proof.inside.plans import Blow, write_plan
from crash_proof.records import Point, in_words
from crash_proof.world import World

FUNCTION = "reconcile"
EVERY, RARELY = 3.0, 30.0


@dataclass
class Reconciling:
    """An errand: call reconcile from time to time, with death planned at a point not yet struck."""

    world: World
    _next_at: float = 0

    def __call__(self) -> None:
        if time.monotonic() < self._next_at:
            return
        left = sorted(self.passed() - self.struck())
        self._next_at = time.monotonic() + (EVERY if left else RARELY)
        blows = [Blow(f"{FUNCTION}-{in_words(left[0])}", where=left[0])] if left else []
        write_plan(self.world.crashes, FUNCTION, blows)
        self.world.call_function("ReconcileFunction")

    def passed(self) -> set[Point]:
        return {point for point in self.world.records.points() if point[0] == FUNCTION}

    def struck(self) -> set[Point]:
        return self.world.records.struck_points()
