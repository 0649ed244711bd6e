"""Kill at every point: find the points by watching, strike each once and again and again."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from crash_proof.cases import Case, Scenario
from crash_proof.inside.plans import EVERYONE, Blow, is_due, write_plan
from crash_proof.records import Point, in_words
from crash_proof.world import Live, World

REPEATEDLY = 3
ROUNDS = 4
AT_FIRST = Blow("whoever comes by first", where=("", "", 0, ""), each=True)
BY_CHANCE = "whoever comes by what chance had spared is killed"
Target = tuple[str, Point, int, int]
"""Scenario, point, visits spared, and how often it is struck."""


@dataclass(frozen=True)
class Moment:
    """One point on its n-th visit in one scenario; the first visit is number 0."""

    scenario: Scenario
    point: Point
    visit: int


@dataclass
class Campaign:
    """Turns ways that were watched into cases that are struck, and knows what is left to strike."""

    world: World
    numbers: Iterator[int]
    moments: list[Moment] = field(default_factory=list)
    _played: list[tuple[Scenario, Live]] = field(default_factory=list)
    _planned: set[Target] = field(default_factory=set)

    def learn(self, scenarios: Iterable[Scenario], played: Iterable[Live]) -> None:
        """Note in the order of dropping what was played, and what no death was planned for shows.

        A point is at home on the first of them; `normal` comes first and has a picture of its own,
        so the first look at a picture is at home where each case has it.
        """
        by_name = {scenario.name: scenario for scenario in scenarios}
        in_order = sorted(played, key=lambda live: live.dropped_at)
        self._played = [(by_name[live.case.scenario], live) for live in in_order]
        self.moments = [
            moment
            for scenario, live in self._played
            if not live.case.note
            for moment in self._moments(scenario, live)
        ]

    def _moments(self, scenario: Scenario, live: Live) -> list[Moment]:
        visits: Counter[Point] = Counter()
        found = []
        for subject in (live.case.key, *live.job_ids):
            for point in self.world.records.ways[subject]:
                found.append(Moment(scenario, point, visits[point]))
                visits[point] += 1
        return found

    def targets(self) -> list[tuple[Moment, int]]:
        """Return each moment to strike with how often.

        On the way on which a point was first seen it is struck at each visit, once;
        and it is struck again and again from its first visit on.
        """
        home: dict[Point, str] = {}
        for moment in self.moments:
            home.setdefault(moment.point, moment.scenario.name)
        at_home = [each for each in self.moments if home[each.point] == each.scenario.name]
        distinct = {(each.scenario.name, each.point, each.visit): each for each in at_home}
        once = [(moment, 1) for moment in distinct.values()]
        again = [(moment, REPEATEDLY) for moment, _ in once if moment.visit == 0]
        return once + again

    def cases(self, seed: int, most: int | None, function: str) -> Iterator[Case]:
        """Yield a case for each target not planned yet, in an order of the seed's."""
        targets = [
            (moment, times)
            for moment, times in self.targets()
            if function in {"", moment.point[0]} and named(moment, times) not in self._planned
        ]
        random.Random(seed).shuffle(targets)  # noqa: S311 - reproducible
        self._planned |= {named(*target) for target in targets}
        for moment, times in targets[:most]:
            yield self.struck(moment, times)

    def struck(self, moment: Moment, times: int) -> Case:
        case = moment.scenario.case(next(self.numbers))
        blow = Blow(f"{case.name}.kill", where=moment.point, times=times, spared=moment.visit)
        note = f"killed {'once' if times == 1 else f'{times} times'} {in_words(moment.point)}"
        return case.struck(blow, note=f"{note}, visit {moment.visit + 1}")

    def points(self) -> list[Point]:
        """Return every point that anybody ever passed."""
        return sorted(self.world.records.points())

    def unstruck(self) -> set[Point]:
        """Return the points at which nobody has died, whoever passed them."""
        return self.world.records.points() - self.world.records.struck_points()

    def spared(self, planned: Iterable[Case]) -> set[Point]:
        """Return the points at which nobody has died nor is now planned to.

        They are passed by chance only: by a process that is new, a ring that is late, two at once.
        """
        return self.unstruck() - {blow.where for case in planned for blow in case.blows}

    def lay_for_everyone(self, points: Iterable[Point]) -> None:
        """Let whoever comes by first die, at each of these points and where nobody was before."""
        for known in self.points():
            is_due(self.world.crashes, AT_FIRST, known)  # takes it, so that it falls there no more
        blows = [Blow(f"everyone {in_words(point)}", where=point) for point in sorted(points)]
        write_plan(self.world.crashes, EVERYONE, [*blows, AT_FIRST])

    def spare_everyone(self) -> None:
        """Let everybody come through who has no plan of their own."""
        write_plan(self.world.crashes, EVERYONE, [])

    def stragglers(self) -> list[Case]:
        """Lay a blow for everyone at each point that nobody died at, and play again who came by it.

        Each point is sought on several drops; those come first that came by most of them.
        """
        missing = self.unstruck()
        self.lay_for_everyone(missing)
        sought = Counter(dict.fromkeys(missing, REPEATEDLY))
        ways = [
            (missing & {each.point for each in self._moments(scenario, live)}, scenario, live)
            for scenario, live in self._played
        ]
        cases = []
        for way, scenario, live in sorted(ways, key=lambda found: -len(found[0])):
            if any(sought[point] > 0 for point in way):
                sought.subtract(way)
                cases.append(self._again(scenario, live))
        return cases

    def _again(self, scenario: Scenario, live: Live) -> Case:
        """Make a case like one that was played, with the same deaths planned on its way."""
        case = scenario.case(next(self.numbers))
        planned = live.case.blows[len(case.blows) :]
        blows = [replace(blow, id=f"{case.name}.{n}") for n, blow in enumerate(planned)]
        return case.struck(*blows, note=live.case.note or BY_CHANCE)


def named(moment: Moment, times: int) -> Target:
    return (moment.scenario.name, moment.point, moment.visit, times)
