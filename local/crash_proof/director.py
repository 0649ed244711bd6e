"""Plays many cases at once on one stack."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice

from crash_proof.acts import searched_in_vain
from crash_proof.cases import Act, Case
from crash_proof.world import Live, World, has_ended
from local_stack.progress import say

TICK = 0.7
NEWS_EVERY = 30.0
EYES = 8


@dataclass
class Director:
    """Keeps so many cases alive until none is left; what outlives its patience is kept apart.

    Errands are done at every tick, whatever is being played.
    """

    world: World
    at_once: int = 30
    patience: float = 420
    errands: list[Callable[[], None]] = field(default_factory=list)
    ended: list[Live] = field(default_factory=list)
    overdue: list[Live] = field(default_factory=list)
    _eyes: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(EYES))
    _news_at: float = 0

    def play(self, cases: Iterable[Case]) -> None:
        """Play the cases to their ends, side by side."""
        waiting, alive, more = iter(cases), list[Live](), True
        while alive or more:
            room = self.room(len(alive))
            dropped = [self._drop(case) for case in islice(waiting, room)]
            more = len(dropped) == room
            alive = self._turn(alive + dropped)

    def _drop(self, case: Case) -> Live:
        live = self.world.drop(case)
        if case.note:  # whoever dies may stay unconfirmed, and a ring may name nobody's task
            live.acts.append(searched_in_vain)
        return live

    @contextmanager
    def errand(self, errand: Callable[[], None]) -> Iterator[None]:
        """Do one more errand meanwhile."""
        self.errands.append(errand)
        yield
        self.errands.remove(errand)

    @contextmanager
    def patient(self, seconds: float, at_once: int) -> Iterator[None]:
        """Let a drop take so long meanwhile, and fewer be alive."""
        usual = self.patience, self.at_once
        self.patience, self.at_once = seconds, at_once
        yield
        self.patience, self.at_once = usual

    def room(self, alive: int) -> int:
        """Return how many cases may be dropped now."""
        return max(self.at_once - alive, 0)

    def again(self, played: Iterable[Live], act: Act) -> None:
        """Do one more thing to cases that had ended, and play them to their ends anew."""
        alive = list(played)
        for live in alive:
            live.acts = [act]
            live.dropped_at = time.monotonic()
            self.ended.remove(live)
        while alive:
            alive = self._turn(alive)

    def _turn(self, alive: list[Live]) -> list[Live]:
        """Look at each case once, and return those that are still under way."""
        started = time.monotonic()
        self.world.records.refresh()
        for errand in self.errands:
            errand()
        list(self._eyes.map(self.world.look, alive))
        left = [live for live in alive if not self._is_over(live)]
        self._tell(len(left))
        time.sleep(max(0.05, TICK - (time.monotonic() - started)))
        return left

    def _is_over(self, live: Live) -> bool:
        acted = bool(live.acts)
        live.acts = [act for act in live.acts if not act(live, self.world)]
        if has_ended(live) and not acted:  # what was seen is older than what was done
            self.ended.append(live)
            return True
        if live.age > self.patience:
            self.overdue.append(live)
            return True
        return False

    def _tell(self, alive: int) -> None:
        if time.monotonic() > self._news_at:
            self._news_at = time.monotonic() + NEWS_EVERY
            say(f"  {len(self.ended)} ended, {alive} under way, {len(self.overdue)} overdue")
