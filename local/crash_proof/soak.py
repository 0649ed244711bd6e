"""Jobs at a steady rate with random faults and a flood of rubbish, and what processes grow to."""

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from crash_proof.cases import Case
from crash_proof.director import Director
from crash_proof.flood import Flood
from crash_proof.judging import judge
from crash_proof.randomised import drawn
from crash_proof.world import World
from local_stack.places import StackFolder
from local_stack.processes import environments_on_linux
from local_stack.progress import say

FIRST_SOAKED = 1
WARM_AFTER = 60.0
SAMPLE_EVERY = 5.0
MEGABYTE = 1_000_000
PAGE = 4096


@dataclass
class Steady(Director):
    """Drops so many cases a second, however many are alive, up to a bound."""

    rate: float = 1
    _begun: float = 0
    _dropped: int = 0

    def room(self, alive: int) -> int:
        self._begun = self._begun or time.monotonic()
        due = int((time.monotonic() - self._begun) * self.rate) - self._dropped
        room = max(0, min(due, self.at_once - alive))
        self._dropped += room
        return room


@dataclass
class Memory:
    """The resident memory of each process of a stack, when it has warmed up and at its last look.

    A process is warm when it has lived for a minute: what it imports and connects to is no growth.
    """

    folder: StackFolder
    born: dict[int, float] = field(default_factory=dict)
    first: dict[int, float] = field(default_factory=dict)
    last: dict[int, float] = field(default_factory=dict)
    kinds: dict[int, str] = field(default_factory=dict)
    _next_at: float = 0

    def __call__(self) -> None:
        now = time.monotonic()
        if now < self._next_at:
            return
        self._next_at = now + SAMPLE_EVERY
        for pid, settings in environments_on_linux():
            if f"LOCAL_STACK_FOLDER={self.folder.path}" in settings:
                self._look(pid, settings, now)

    def growth(self) -> dict[str, float]:
        """Return by kind of process the largest growth of one that lived to be warm."""
        grown: dict[str, list[float]] = defaultdict(list)
        for pid, size in self.last.items():
            grown[self.kinds[pid]].append(size - self.first[pid])
        return {kind: round(max(each), 1) for kind, each in sorted(grown.items())}

    def _look(self, pid: int, settings: set[str], now: float) -> None:
        is_warm = now >= self.born.setdefault(pid, now) + WARM_AFTER
        size = resident(pid) if is_warm else None
        if size is not None:
            self.kinds.setdefault(pid, kind_of(settings))
            self.first.setdefault(pid, size)
            self.last[pid] = size


class Soak:
    """One soak on one stack."""

    def __init__(self, world: World, folder: StackFolder, seed: int, rate: float) -> None:
        self._seed = seed
        self._world = world
        self._flood = Flood(world.stack.callback_base_url, self._capable)
        self._memory = Memory(folder)
        self._director = Steady(world, at_once=80, errands=[self._memory], rate=rate)
        self.holds = False

    def run(self, seconds: float) -> dict[str, object]:
        """Drop for so many seconds, wait for the last end, judge; return the verdict's figures."""
        say(f"soaking for {seconds:.0f} s")
        with self._flood.beside():
            self._director.play(self._cases(seconds))
        judgement = judge(self._director)
        deaths = self._world.records.deaths_of("receive_callback")
        self.holds = not judgement.breaches and self._flood.is_harmless(deaths)
        told = {"rubbish": self._flood.figures(), "rss_growth_mb": self._memory.growth()}
        return {**judgement.counts(), **told}

    def _capable(self) -> list[str]:
        return [task["request"]["callback_url"] for task in self._world.books()]

    def _cases(self, seconds: float) -> Iterator[Case]:
        ends = time.monotonic() + seconds
        for case in drawn(self._seed, 1_000_000, count(FIRST_SOAKED)):
            if time.monotonic() > ends:
                return
            yield case


def resident(pid: int) -> float | None:
    """Return a process's resident memory in megabytes, None when it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return None
    return pages * PAGE / MEGABYTE


def kind_of(settings: set[str]) -> str:
    """Name a process by what its environment tells: a function, the engine, or the emulator."""
    told = dict(setting.split("=", 1) for setting in settings if "=" in setting)
    function = told.get("AWS_LAMBDA_FUNCTION_NAME")
    if function is not None:
        return function.split("-")[-2]
    return "engine" if "GATEWAY_PORT" in told else "emulator"
