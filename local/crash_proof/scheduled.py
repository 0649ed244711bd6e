"""Functions that a schedule calls work on no job of their own: they are called as it would."""

import time
from dataclasses import dataclass
from functools import cached_property

from crash_proof.inside.plans import Blow, write_plan
from crash_proof.inside.subject import function_in
from crash_proof.records import Point, in_words
from crash_proof.world import World

EVERY, RARELY = 3.0, 30.0


@dataclass
class Scheduled:
    """An errand: call each from time to time, with death planned at a point not yet struck."""

    world: World
    _next_at: float = 0

    def __call__(self) -> None:
        if time.monotonic() < self._next_at:
            return
        left = False
        for name in self._names:
            left |= self._call(name)
        self._next_at = time.monotonic() + (EVERY if left else RARELY)

    def _call(self, name: str) -> bool:
        """Call a function, and say whether there was a point left to die at."""
        function = function_in(name)
        left = sorted(self._passed(function) - self.world.records.struck_points())
        blows = [Blow(f"{function} {in_words(left[0])}", where=left[0])] if left else []
        write_plan(self.world.crashes, function, blows)
        self.world.call_function(name)
        return bool(left)

    def _passed(self, function: str) -> set[Point]:
        return {point for point in self.world.records.points() if point[0] == function}

    @cached_property
    def _names(self) -> list[str]:
        return self.world.scheduled_functions()
