"""Functions that a schedule calls work on no job of their own: they are called as it would."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from crash_proof.inside.plans import Blow, write_plan
from crash_proof.inside.subject import function_in
from crash_proof.world import World

SOON, LATER = 2.0, 20.0


@dataclass
class Scheduled:
    """An errand: call each from time to time; at whatever point it comes by first, it dies.

    What it finds to do hangs on what happens to the drops, and may not come again.
    A function is called again when it has answered or died: calls that pile up
    would take the machine from everything else.
    """

    world: World
    _callers: ThreadPoolExecutor = field(default_factory=ThreadPoolExecutor)
    _under_way: dict[str, Future[bool]] = field(default_factory=dict)
    _next_at: dict[str, float] = field(default_factory=dict)

    def __call__(self) -> None:
        if not self._next_at:
            self._plan()
        for name, at in self._next_at.items():
            if name in self._under_way:
                self._see_to(name)
            elif time.monotonic() > at:
                self._under_way[name] = self._callers.submit(self.world.call_function, name)

    def _plan(self) -> None:
        for name in self.world.scheduled_functions():
            function = function_in(name)
            blow = Blow(f"{function} at first", where=(function, "", 0, ""), each=True)
            write_plan(self.world.crashes, function, [blow])
            self._next_at[name] = 0

    def _see_to(self, name: str) -> None:
        if self._under_way[name].done():
            died = self._under_way.pop(name).result()
            self._next_at[name] = time.monotonic() + (SOON if died else LATER)
