import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the emulator's time stood at one real instant, and how fast it runs since."""

    emulator: float
    real: float
    speed: float

    def at(self, real: float) -> float:
        return self.emulator + (real - self.real) * self.speed


class Clock:
    """A clock that can be moved and sped up, and wakes whoever waits for a moment on it."""

    def __init__(self, anchor: Anchor, real: Callable[[], float] = time.time) -> None:
        self._real = real
        self._order = itertools.count()
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._timer: asyncio.TimerHandle | None = None
        self.anchor = anchor

    def now(self) -> float:
        return self.anchor.at(self._real())

    def move(self, *, advance: float = 0.0, speed: float | None = None) -> None:
        self.anchor = Anchor(self.now() + advance, self._real(), self.anchor.speed)
        if speed is not None:
            self.anchor = replace(self.anchor, speed=speed)
        self._ring()

    async def until(self, moment: float) -> None:
        if moment <= self.now():
            return
        bell = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (moment, next(self._order), bell))
        if self._waiting[0][2] is bell:
            self._wind()
        await bell

    async def sleep(self, seconds: float) -> None:
        await self.until(self.now() + seconds)

    def _ring(self) -> None:
        now = self.now()
        while self._waiting and self._waiting[0][0] <= now:
            bell = heapq.heappop(self._waiting)[2]
            if not bell.done():
                bell.set_result(None)
        self._wind()

    def _wind(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._waiting and self.anchor.speed > 0:
            delay = (self._waiting[0][0] - self.now()) / self.anchor.speed
            self._timer = asyncio.get_running_loop().call_later(max(delay, 0.0005), self._ring)
