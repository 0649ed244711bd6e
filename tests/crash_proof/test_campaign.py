"""Points come from what was watched, and each is struck once at each visit and again repeatedly."""

import json
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest

from crash_proof.campaign import AT_FIRST, BY_CHANCE, REPEATEDLY, Campaign
from crash_proof.cases import Scenario
from crash_proof.inside.plans import EVERYONE, Blow, blow_at, plan_file, read_plan
from crash_proof.records import Point, Records
from crash_proof.world import Live, World

NORMAL = Scenario("normal")
FIRST: Point = ("advance_job", "dynamodb.GetItem", 1, "before")
SECOND: Point = ("advance_job", "dynamodb.GetItem", 1, "after")


class Watched:
    """A world of which nothing but its records is known."""

    def __init__(self, folder: Path) -> None:
        self.records = Records(folder)
        self.crashes = folder.parent / "crashes"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    (tmp_path / "seen").mkdir()
    return tmp_path / "seen" / "advance_job-1.jsonl"


def passed(
    book: Path, subject: str, *points: Point, blow: str | None = None, kills: bool = True
) -> None:
    kills = kills and blow is not None
    with book.open("a") as lines:
        for at, (function, call, ordinal, side) in enumerate(points):
            line = {"at": at, "subject": subject, "function": function, "call": call}
            more = {"ordinal": ordinal, "side": side, "blow": blow, "kills": kills}
            lines.write(json.dumps({**line, **more}) + "\n")


def lay_folders(made: Campaign) -> None:
    for name in ("plans", "claims"):
        (made.world.crashes / name).mkdir(parents=True)


def campaign(book: Path, *watched: Live) -> Campaign:
    world = Watched(book.parent)
    world.records.refresh()
    made = Campaign(cast("World", world), count(10))
    made.learn((NORMAL,), watched)
    return made


def live(number: int, **changes: Any) -> Live:
    case = NORMAL.case(number)
    return Live(case, (f"job-{number}",), "version", "drop", 0.0, **changes)


def test_each_visit_is_struck_once_and_each_point_again_and_again(book: Path) -> None:
    passed(book, "job-1", FIRST, SECOND, FIRST)
    cases = list(campaign(book, live(1)).cases(7, None, ""))
    blows = [case.blows[0] for case in cases]
    struck = sorted((blow.where, blow.spared, blow.times) for blow in blows)
    assert struck == sorted(
        [
            *((point, 0, times) for point in (FIRST, SECOND) for times in (1, REPEATEDLY)),
            (FIRST, 1, 1),
        ]
    )


def test_nothing_is_planned_twice_although_the_same_way_is_seen_again(book: Path) -> None:
    passed(book, "job-1", FIRST)
    passed(book, "job-2", FIRST)
    made = campaign(book, live(1), live(2))
    assert len(list(made.cases(7, None, ""))) == 2
    assert list(made.cases(7, None, "")) == []


def test_the_seed_decides_what_a_sample_holds(book: Path) -> None:
    passed(book, "job-1", *(("advance_job", f"call {n}", 1, "after") for n in range(50)))

    def sample(seed: int) -> list[str]:
        return [case.note for case in campaign(book, live(1)).cases(seed, 5, "")]

    assert len(sample(1)) == 5
    assert sample(1) == sample(1) != sample(2)


def test_a_way_on_which_a_death_was_planned_shows_no_points(book: Path) -> None:
    passed(book, "job-1", FIRST)
    planned = live(1)
    planned.case = planned.case.struck(note="killed once")
    assert campaign(book, planned).moments == []


def test_a_point_is_unstruck_until_somebody_died_there(book: Path) -> None:
    passed(book, "job-1", FIRST, SECOND)
    made = campaign(book, live(1))
    assert made.unstruck() == {FIRST, SECOND}
    passed(book, "job-2", FIRST, blow="a blow")
    passed(book, "job-2", SECOND, blow="a hold-up", kills=False)
    made.world.records.refresh()
    assert made.unstruck() == {SECOND}


def test_what_chance_had_spared_is_laid_for_everyone_and_who_came_by_is_played_again(
    book: Path,
) -> None:
    passed(book, "job-1", FIRST)
    made = campaign(book, live(1))
    lay_folders(made)
    (case,) = made.stragglers()
    assert case.scenario == "normal"
    assert case.note == BY_CHANCE
    blow, first = read_plan(plan_file(made.world.crashes, EVERYONE))
    assert (blow.where, first) == (FIRST, AT_FIRST)
    passed(book, "job-2", FIRST, blow="a blow")
    made.world.records.refresh()
    assert made.stragglers() == []


def test_what_only_the_recovery_from_a_death_came_by_is_sought_with_that_death(book: Path) -> None:
    passed(book, "job-1", FIRST, blow="a blow")
    passed(book, "job-1", SECOND)
    struck = live(1)
    blow = Blow("a blow", where=FIRST, times=2, spared=1)
    struck.case = struck.case.struck(blow, note="killed twice")
    made = campaign(book, struck)
    lay_folders(made)
    (case,) = made.stragglers()
    assert case.blows == (replace(blow, id=f"{case.name}.0"),)
    assert case.note == "killed twice"


def test_who_came_by_most_of_what_was_spared_is_played_again_and_no_more_than_needed(
    book: Path,
) -> None:
    several = [live(number) for number in range(2, 3 + REPEATEDLY)]
    passed(book, "job-1", FIRST)
    for each in several:
        passed(book, each.job_ids[0], FIRST, SECOND)
        each.case = each.case.struck(note=each.case.name)
    made = campaign(book, live(1), *several)
    lay_folders(made)
    assert [case.note for case in made.stragglers()] == [
        each.case.name for each in several[:REPEATEDLY]
    ]


@pytest.mark.parametrize("subject", ["", "job-of-a-struck-case"])
def test_a_point_that_nobody_unharmed_came_by_is_to_be_struck_too(book: Path, subject: str) -> None:
    point: Point = ("reconcile", "stepfunctions.StartExecution", 2, "before")
    passed(book, subject, point)
    assert campaign(book).unstruck() == {point}


def test_whoever_comes_by_a_point_that_nobody_passed_before_dies(book: Path) -> None:
    passed(book, "job-1", FIRST)
    made = campaign(book, live(1))
    lay_folders(made)
    made.lay_for_everyone(())
    fallen = [blow_at(made.world.crashes, "job-2", point) for point in (FIRST, SECOND, SECOND)]
    assert fallen == [None, AT_FIRST, None]


def test_nobody_is_laid_for_while_ways_are_watched(book: Path) -> None:
    made = campaign(book)
    lay_folders(made)
    made.lay_for_everyone({FIRST})
    made.spare_everyone()
    assert [blow_at(made.world.crashes, "job", point) for point in (FIRST, SECOND)] == [None, None]


def test_spared_is_what_was_passed_and_neither_struck_nor_planned(book: Path) -> None:
    passed(book, "job-1", FIRST)
    passed(book, "job-2", FIRST, SECOND)
    made = campaign(book, live(1))
    cases = list(made.cases(7, None, ""))
    assert made.spared(cases) == {SECOND}
    passed(book, "job-3", SECOND, blow="a blow")
    made.world.records.refresh()
    assert made.spared(cases) == set()
    assert made.spared(()) == {FIRST}
