"""A search for nobody's task is brought to its end by the clock, whatever rings before."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from crash_proof.acts import GONE_AFTER, LONG_ENOUGH, rubbish, searched_in_vain
from crash_proof.cases import Scenario
from crash_proof.inside.plans import hours_ahead
from crash_proof.world import Live

if TYPE_CHECKING:
    from crash_proof.world import World

AT_REST = {"state": "unconfirmed", "attempt": 1, "sequence": 2, "published": 2}
SEARCHING = {**AT_REST, "open_run": 3, "claims_0001": {"task-unified-1-nobody"}}


class Stage:
    def __init__(self, crashes: Path) -> None:
        self.crashes = crashes


@pytest.fixture
def world(tmp_path: Path) -> "World":
    (tmp_path / "ahead").mkdir()
    return cast("World", Stage(tmp_path))


def live(job: dict[str, Any], *, age: float = LONG_ENOUGH + 1) -> Live:
    case = Scenario("normal").case(1)
    made = Live(case, ("job",), "version", "drop", time.monotonic() - age)
    made.jobs = {"job": job}
    made.acts = [searched_in_vain]
    return made


def test_what_is_sought_for_long_has_its_clock_put_ahead(world: "World") -> None:
    assert not searched_in_vain(live(SEARCHING), world)
    assert hours_ahead(world.crashes, "job") == GONE_AFTER


@pytest.mark.parametrize("changes", [{"attempt": 2}, {"state": "submitted"}])
def test_the_clock_of_nobody_else_is_touched(world: "World", changes: dict[str, Any]) -> None:
    assert not searched_in_vain(live({**SEARCHING, **changes}), world)
    assert hours_ahead(world.crashes, "job") == 0


def test_a_search_that_has_just_begun_goes_on_by_the_true_clock(world: "World") -> None:
    assert not searched_in_vain(live(SEARCHING, age=1), world)
    assert hours_ahead(world.crashes, "job") == 0


def test_a_job_at_rest_is_watched_on_while_something_else_may_ring(world: "World") -> None:
    resting = live(AT_REST)
    resting.acts = [rubbish, searched_in_vain]
    assert not searched_in_vain(resting, world)
    resting.acts = [searched_in_vain]
    assert searched_in_vain(resting, world)
