"""The proof from its first drop to its verdict."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

from crash_proof.campaign import ROUNDS, Campaign
from crash_proof.cases import Case, Scenario
from crash_proof.director import Director
from crash_proof.gathering import Gathering
from crash_proof.laws import Breach, breaches
from crash_proof.randomised import drawn
from crash_proof.reconciling import Reconciling
from crash_proof.recovery import ring_at_last, unconfirmed
from crash_proof.report import counts_of, tell_breaches, tell_points
from crash_proof.scenarios import MAIN, TROUBLE
from crash_proof.world import World
from local_stack.progress import say, step

WATCHED_TWICE = 2
FIRST_RANDOM = 5000
STRAGGLERS_AT_ONCE = 40


@dataclass(frozen=True)
class Wish:
    """How much is to be tried; with `points` or `only` the proof is a sample of itself."""

    seed: int
    points: int | None = None
    random: int = 120
    at_once: int = 30
    only: frozenset[str] = frozenset()

    @property
    def is_whole(self) -> bool:
        return self.points is None and not self.only

    def chosen(self, scenarios: tuple[Scenario, ...]) -> tuple[Scenario, ...]:
        return tuple(each for each in scenarios if not self.only or each.name in self.only)


class Proof:
    """One run on one stack."""

    def __init__(self, world: World, wish: Wish) -> None:
        self.world = world
        self.wish = wish
        self.numbers = count(1)
        self.director = Director(world, wish.at_once)
        self.director.errands.append(Reconciling(world))
        self.campaign = Campaign(world, self.numbers)
        self.found: list[Breach] = []
        self.unstruck: set[tuple[str, str, int, str]] = set()

    @property
    def holds(self) -> bool:
        return not self.found and not self.unstruck

    def run(self) -> dict[str, int]:
        say(f"seed {self.wish.seed}: `make proof SEED={self.wish.seed}` plays the same again")
        self._play("every way, and every fault, watched", self._watched())
        self.campaign.learn((*MAIN, *TROUBLE), self.director.ended)
        struck = self.campaign.cases(self.wish.seed, self.wish.points)
        self._play("killed at every point", struck)
        if self.wish.is_whole:
            self._strike_the_rest()
        mixed = drawn(self.wish.seed, self.wish.random, count(FIRST_RANDOM))
        self._play("everything at random", mixed)
        return self._judge()

    def _watched(self) -> Iterator[Case]:
        for _ in range(WATCHED_TWICE):
            for scenario in self.wish.chosen(MAIN):
                yield scenario.case(next(self.numbers))
        for scenario in self.wish.chosen(TROUBLE):
            yield scenario.case(next(self.numbers))

    def _strike_the_rest(self) -> None:
        for number in range(ROUNDS):
            cases = list(self.campaign.stragglers(STRAGGLERS_AT_ONCE))
            if not cases:
                return
            self._play(f"what chance had spared, round {number + 1}", cases)

    def _play(self, what: str, cases: Iterable[Case]) -> None:
        with step(what):
            self.director.play(cases)

    def _judge(self) -> dict[str, int]:
        played = [*self.director.ended, *self.director.overdue]
        uncertain = unconfirmed(self.director.ended)
        with step(f"{len(uncertain)} unconfirmed drops rung for at last"):
            self.director.again(uncertain, ring_at_last)
        with step("evidence gathered and judged"):
            evidence = Gathering(self.world).evidence(played)
            self.found = breaches(evidence)
        points = self.campaign.points()
        self.unstruck = set(self.campaign.unstruck()) if self.wish.is_whole else set()
        tell_points(points, self.world.records, self.unstruck)
        tell_breaches(self.found, evidence, played, self.world.records)
        return {
            "crash_points": len(points),
            "runs": len(played),
            "jobs": len(evidence.jobs),
            "unconfirmed": len(uncertain),
            **counts_of(self.found),
        }
