"""Functions that a schedule calls work on no job of their own: they are called as it would."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property

from crash_proof.inside.plans import Blow, write_plan
from crash_proof.inside.subject import function_in
from crash_proof.records import Point, in_words
from crash_proof.world import World

EVERY, RARELY = 3.0, 30.0


@dataclass
class Scheduled:
    """An errand: call each from time to time, with death planned at what is not yet struck.

    A function is called again when it has answered or died: calls that pile up
    would take the machine from everything else.
    """

    world: World
    _callers: ThreadPoolExecutor = field(default_factory=ThreadPoolExecutor)
    _under_way: dict[str, Future[None]] = field(default_factory=dict)
    _next_at: dict[str, float] = field(default_factory=dict)

    def __call__(self) -> None:
        for name in self._names:
            if time.monotonic() > self._next_at.get(name, 0) and self._has_answered(name):
                self._call(name)

    def _has_answered(self, name: str) -> bool:
        call = self._under_way.get(name)
        if call is None or not call.done():
            return call is None
        call.result()  # raises what went wrong
        return True

    def _call(self, name: str) -> None:
        function = function_in(name)
        left = sorted(self._passed(function) - self.world.records.struck_points())
        blows = [Blow(f"{function} {in_words(point)}", where=point) for point in left]
        write_plan(self.world.crashes, function, blows)
        self._under_way[name] = self._callers.submit(self.world.call_function, name)
        self._next_at[name] = time.monotonic() + (EVERY if left else RARELY)

    def _passed(self, function: str) -> set[Point]:
        return {point for point in self.world.records.points() if point[0] == function}

    @cached_property
    def _names(self) -> list[str]:
        return self.world.scheduled_functions()
