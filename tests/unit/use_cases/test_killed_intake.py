"""A manifest function that dies is called again, and does what it had left."""

from itertools import count

import pytest

from tests.support.mortal_world import MortalWorld
from tests.support.world import ONE_REQUEST
from video_pipeline.domain.drop import DropState

KEY = "manifests/a/m.json"


@pytest.fixture
def world(aws: None) -> MortalWorld:
    """A world in which the one job of a manifest has ended."""
    made = MortalWorld()
    job = made.one_job()
    made.spin(job)
    made.provider.finish()
    made.ring(job)
    made.spin(job)
    return made


@pytest.mark.parametrize("after", [False, True])
def test_wherever_it_died_a_drop_of_ended_jobs_is_shown_and_told(
    world: MortalWorld, *, after: bool
) -> None:
    for calls in count():
        dropped = world.put(KEY, ONE_REQUEST)
        died = world.mortal(calls, after=after, act=lambda: world.take_in(dropped))  # noqa: B023
        drop = world.take_in(dropped)
        assert (drop.state, drop.told) == (DropState.COMPLETED, True)
        receipt = world.receipt()
        assert (receipt["drop_id"], receipt["state"]) == (drop.id, "completed")
        assert drop.completion in world.bus.events
        if not died:
            break
    assert calls > 15
