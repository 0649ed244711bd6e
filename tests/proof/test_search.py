"""Every reachable state of one job, found by running the use cases call by call.

Each part of the search begins where its trouble begins, so that all of it is visited in seconds.
"""

import pytest

from tests.proof.actors import Wiring
from tests.proof.laws import LAWS, is_archived, is_at_its_end, known_video
from tests.proof.search import Graph, LawBrokenError, after, explore, refuse_dead_ends
from tests.proof.state import State, start
from tests.proof.variants import BREAKS, ClosingByRings
from tests.proof.world import World

CALLED = ("hub 1", "order of attempt 1 by run 1 is taken", "worker 1 1: commit accepted to")
LOST = (*CALLED, "worker 1 1: create buys task-0, answer lost")
HIDDEN = (f"{LOST[-1]}, not readable yet", "worker 1 1: commit submitting to unconfirmed")
REFUSED = (*CALLED, "worker 1 1: create is refused", "worker 1 1: commit submitting to failed")
LIMITED = (
    CALLED[0],
    "order of attempt 1 by run 1 is doubled",
    CALLED[2],
    "worker 1 1: create is refused for its rate",
)


def lost_answer(wiring: Wiring) -> tuple[World, State]:
    world = World(wiring, faults=1, ends=("completed",), workers=1)
    return world, after(world, start(), *LOST)


def unconfirmed(wiring: Wiring) -> tuple[World, State]:
    world, beginning = lost_answer(wiring)
    noted = ("worker 1 1: commit submitting to unconfirmed", "worker 1 1: answer")
    return world, after(world, beginning, *noted)


def slow_provider(wiring: Wiring) -> tuple[World, State]:
    world = World(wiring, faults=0, ends=("completed",), workers=1)
    return world, after(world, start(), *CALLED, *HIDDEN)


def rate_limit(wiring: Wiring) -> tuple[World, State]:
    world = World(wiring, faults=1, ends=(), callbacks=0)
    return world, after(world, start(), *LIMITED)


def two_attempts(wiring: Wiring) -> tuple[World, State]:
    return World(wiring, faults=0), start()


def one_call(wiring: Wiring) -> tuple[World, State]:
    world = World(wiring, faults=1, ends=("completed",), callbacks=0, workers=1)
    return world, after(world, start(), *CALLED[:2])


def late_answer(wiring: Wiring) -> tuple[World, State]:
    """A worker outlives its lease, and nobody but itself can bring the job on."""
    world = World(wiring, faults=0, ends=("completed",), callbacks=0, workers=1, reconciles=False)
    late = (*CALLED, "the lease ends", "run 1's order times out")
    return world, after(world, start(), *late)


def redriven(wiring: Wiring) -> tuple[World, State]:
    """A person redrives a refused job, at any moment of its end, and it is bought after all."""
    return _redriven(wiring, *REFUSED)


def redriven_unknown(wiring: Wiring) -> tuple[World, State]:
    """A person redrives a job of which nobody knows whether it was paid."""
    return _redriven(wiring, *LOST, HIDDEN[-1])


def _redriven(wiring: Wiring, *way: str) -> tuple[World, State]:
    world = World(wiring, faults=1, ends=("completed",), callbacks=0, workers=1, redrives=1)
    return world, after(world, start(), *way)


SCENES = (
    unconfirmed,
    slow_provider,
    rate_limit,
    two_attempts,
    one_call,
    late_answer,
    redriven,
    redriven_unknown,
)
NOTICED_IN = {
    "video": (slow_provider, unconfirmed),
    "money": (rate_limit,),
    "call": (one_call,),
    "alone": (late_answer,),
    "redrive": (redriven,),
    "unknown": (redriven_unknown,),
}


def judged(world: World, beginning: State) -> Graph:
    graph = explore(world, beginning, LAWS)
    if not world.ends:
        return graph  # tasks that never end say nothing about ends
    refuse_dead_ends(graph, "a video that we know of is lost", known_video, is_archived)
    refuse_dead_ends(graph, "something waits for ever", lambda _: True, is_at_its_end)
    return graph


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_no_reachable_state_breaks_a_law(scene: object) -> None:
    assert callable(scene)
    world, beginning = scene(Wiring())
    assert len(judged(world, beginning).states) > 100


def test_a_task_that_the_list_alone_shows_can_always_still_be_archived() -> None:
    world = World(Wiring(), faults=0, ends=("completed",), callbacks=0, workers=1, lists=True)
    graph = judged(world, after(world, start(), *LOST))
    refuse_dead_ends(graph, "a listed video is lost", lambda _: True, is_archived)


def test_a_run_that_closes_by_rings_alone_is_kept_open_by_the_ring_of_a_late_answer() -> None:
    """So the ring of a late answer holds what the state in the closing's condition holds too."""
    assert trouble_of(*late_answer(Wiring(ledger=ClosingByRings))) is None


@pytest.mark.parametrize("name", BREAKS)
def test_the_search_notices_a_mend_that_is_missing(name: str) -> None:
    wiring, kind = BREAKS[name]
    told = filter(None, (trouble_of(*scene(wiring)) for scene in NOTICED_IN[kind]))
    assert len(next(told, "").splitlines()) > 3  # the way there, in words


def trouble_of(world: World, beginning: State) -> str | None:
    try:
        judged(world, beginning)
    except LawBrokenError as broken:
        return str(broken)
    return None
