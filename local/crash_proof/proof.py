"""The proof: watch every way, kill at every point of it, then mix everything at random."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

from crash_proof.account import Resuming, made_new
from crash_proof.campaign import ROUNDS, Campaign
from crash_proof.cases import Case, Scenario
from crash_proof.director import Director
from crash_proof.judging import judge
from crash_proof.randomised import drawn
from crash_proof.report import tell_points
from crash_proof.scenarios import ACCOUNT, MAIN, PATIENCE, TROUBLE
from crash_proof.scheduled import Scheduled
from crash_proof.world import World
from local_stack.progress import say, step

FIRST_RANDOM = 5000
SCENARIOS = (*MAIN, *PATIENCE, *TROUBLE, *ACCOUNT)
HELD = {scenario.name for scenario in ACCOUNT}
LONGEST_PAUSE = 900.0
FEW = 16
"""Drops whose pauses do not hold each other back for too long."""

AFRESH = 30
"""Drops after which it is looked at anew what is left to die at."""


@dataclass(frozen=True)
class Wish:
    """How much is to be tried; with `points`, `only` or `function` the proof is a sample."""

    seed: int
    points: int | None = None
    random: int = 120
    at_once: int = 30
    patience: float = 420
    only: frozenset[str] = frozenset()
    function: str = ""
    times: int = 2

    @property
    def is_whole(self) -> bool:
        return self.points is None and not self.only and not self.function

    def chosen(self, scenarios: tuple[Scenario, ...]) -> tuple[Scenario, ...]:
        return tuple(each for each in scenarios if not self.only or each.name in self.only)


class Proof:
    """One run on one stack."""

    def __init__(self, world: World, wish: Wish) -> None:
        self._wish = wish
        self._world = world
        self._numbers = count(1)
        self._director = Director(world, wish.at_once, wish.patience)
        if wish.is_whole:
            self._director.errands.append(Scheduled(world))
        self._campaign = Campaign(world, self._numbers)
        self.holds = False

    def run(self) -> dict[str, int]:
        """Play all phases; return the figures of the verdict."""
        wish = self._wish
        self._play("the main ways, watched", self._plain(MAIN, wish.times))
        faults = self._plain((*PATIENCE, *TROUBLE), wish.times if wish.only else 1)
        self._play("every fault, watched", faults)
        self._play("death at every point of all these", self._struck())
        self._campaign.spare_everyone()
        self._account_in_trouble()
        if wish.is_whole:
            self._strike_the_rest()
        mixed = drawn(wish.seed, wish.random, count(FIRST_RANDOM))
        self._play("everything at random", mixed)
        return self._verdict()

    def _struck(self) -> Iterator[Case]:
        """Strike what the ways that ended so far have shown, and what nobody has passed yet.

        What a drop was to die at and did not come by falls on whoever comes by after it.
        """
        wish, campaign = self._wish, self._campaign
        campaign.learn(SCENARIOS, self._director.ended)
        cases = list(campaign.cases(wish.seed, wish.points, wish.function))
        for number, case in enumerate(cases):
            if wish.is_whole and number % AFRESH == 0:
                campaign.lay_for_everyone(campaign.spared(cases[number:]))
            yield case

    def _plain(self, scenarios: tuple[Scenario, ...], times: int = 1) -> Iterator[Case]:
        for scenario in self._wish.chosen(scenarios) * times:
            yield scenario.case(next(self._numbers))

    def _account_in_trouble(self) -> None:
        """Watch each trouble to the end of its pause, then die in it, resuming by hand."""
        self._play_apart("an account in trouble", self._plain(ACCOUNT))
        made_new(self._world)
        director = self._director
        with director.errand(Resuming(self._world)), director.patient(LONGEST_PAUSE, FEW):
            self._play("death at every point of an account's trouble", self._struck())

    def _strike_the_rest(self) -> None:
        for number in range(ROUNDS):
            self._campaign.learn(SCENARIOS, self._director.ended)
            cases = self._campaign.stragglers()
            if not cases:
                return
            what = f"what chance had spared, round {number + 1}"
            self._play(what, [case for case in cases if case.scenario not in HELD])
            self._campaign.lay_for_everyone(self._campaign.unstruck())
            held = {case.scenario: case for case in reversed(cases) if case.scenario in HELD}
            still = (case for case in held.values() if self._campaign.unstruck())  # asked each time
            self._play_apart(f"{what}, an account in trouble", still)

    def _play_apart(self, what: str, cases: Iterable[Case]) -> None:
        """Play one after the other, each with the patience that a pause takes."""
        for case in cases:
            made_new(self._world)
            with self._director.patient(LONGEST_PAUSE, 1):
                self._play(f"{what}: {case.name}", [case])

    def _play(self, what: str, cases: Iterable[Case]) -> None:
        say(f"{what}:")
        with step(what):
            self._director.play(cases)

    def _verdict(self) -> dict[str, int]:
        judgement = judge(self._director)
        points = self._campaign.points()
        unstruck = self._campaign.unstruck() if self._wish.is_whole else set()
        tell_points(points, self._director.world.records, unstruck)
        self.holds = not judgement.breaches and not unstruck
        return {"crash_points": len(points), **judgement.counts()}
