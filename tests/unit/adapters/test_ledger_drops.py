"""Drops: written once, counted down, shown in order, closed once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.world import World
from tests.unit.adapters.stored import DROP, another, remaining, store
from tests.unit.domain.jobs import ACCEPTED, ARCHIVED, NOW
from video_pipeline.domain.completion_report import completion_report
from video_pipeline.domain.drop import Drop, DropState
from video_pipeline.domain.drop_events import completed_event
from video_pipeline.domain.errors import JobBusyError
from video_pipeline.domain.events import Event
from video_pipeline.domain.problem import Problem
from video_pipeline.domain.slices import Cursor, Page
from video_pipeline.ports import Arrival

SECOND = replace(DROP, id="drop-2", version_id="v2")


def recorded(world: World, drop: Drop = DROP, *pages: Page) -> Drop:
    return world.drops.record(drop, pages)


def test_a_drop_comes_back_as_it_was_written(world: World) -> None:
    problem = Problem("duration", "$.duration", "too long", "99", "4 to 15", "seed", "shorten it")
    drop = replace(DROP, state=DropState.REJECTED, problems=(problem,))
    assert recorded(world, drop) == drop
    assert world.drops.drop(drop.id) == drop


def test_a_drop_recorded_again_stays_as_it_was(world: World) -> None:
    recorded(world)
    again = recorded(world, replace(DROP, state=DropState.REJECTED, remaining=9))
    assert again == DROP


def test_a_long_roster_keeps_its_order(world: World) -> None:
    names = tuple(f"{number:032x}" for number in range(1_002))
    pages = Page(Cursor(), names[:1_000]), Page(Cursor(5_000, 1_001, 1_000), names[1_000:])
    recorded(world, DROP, *pages)
    assert world.drops.roster(DROP.id) == pages
    last = replace(another(1_001), state=ACCEPTED.state)
    first = replace(another(0), state=ACCEPTED.state)
    for job in (last, first):
        world.drops.add_job(job, DROP.id)
    assert [job.id for job in world.drops.jobs_of(DROP.id)] == [first.id, last.id]


def test_the_first_manifest_owns_the_folder(world: World) -> None:
    assert world.drops.owner_of_folder("videos/a", "manifests/a.json") == "manifests/a.json"
    assert world.drops.owner_of_folder("videos/a", "manifests/a.yaml") == "manifests/a.json"


def test_a_new_job_is_new_once(world: World) -> None:
    recorded(world)
    assert world.drops.add_job(ACCEPTED, DROP.id) == (ACCEPTED, Arrival.NEW)
    assert world.drops.add_job(ACCEPTED, DROP.id) == (ACCEPTED, Arrival.KNOWN)


def test_a_running_job_counts_for_a_second_drop_when_it_ends(world: World) -> None:
    store(world)
    recorded(world, SECOND)
    _, arrival = world.drops.add_job(ACCEPTED, SECOND.id)
    joined = world.ledger.job(ACCEPTED.id)
    assert joined is not None
    assert (arrival, joined.drops) == (Arrival.JOINED, frozenset({DROP.id, SECOND.id}))
    assert remaining(world, SECOND.id) == 1


def test_an_ended_job_counts_for_a_second_drop_at_once(world: World) -> None:
    store(world, replace(ARCHIVED, counted=True))
    recorded(world, SECOND)
    _, arrival = world.drops.add_job(ACCEPTED, SECOND.id)
    assert arrival is Arrival.ENDED
    assert remaining(world, SECOND.id) == 0
    world.drops.add_job(ACCEPTED, SECOND.id)
    assert remaining(world, SECOND.id) == 0


def test_joining_makes_a_move_decided_before_it_look_again(world: World) -> None:
    """The move's end would not have counted for the drop that joined meanwhile."""
    job = store(world)
    recorded(world, SECOND)
    world.drops.add_job(job, SECOND.id)
    current = world.ledger.job(job.id)
    assert current is not None
    assert current.revision == job.revision + 1


def test_no_more_drops_wait_for_a_job_than_its_end_can_count(world: World) -> None:
    store(world, replace(ACCEPTED, drops=frozenset(f"drop-{number}" for number in range(50))))
    with pytest.raises(JobBusyError, match="50 drops already wait"):
        world.drops.add_job(ACCEPTED, "one more")


def test_a_view_is_taken_by_one_of_two(world: World) -> None:
    seen = recorded(world)
    taken = world.drops.take_view(seen, NOW)
    assert taken is not None
    assert (taken.view, taken.viewed_at) == (1, NOW)
    assert world.drops.take_view(seen, NOW) is None
    assert world.drops.drop(DROP.id) == taken


def test_an_older_view_never_uncovers_what_a_newer_one_covered(world: World) -> None:
    newer, older = NOW + timedelta(seconds=1), NOW
    drop = recorded(world)
    world.drops.mark_covered(replace(drop, viewed_at=newer))
    world.drops.mark_covered(replace(drop, viewed_at=older))
    covered = world.drops.drop(DROP.id)
    assert covered is not None
    assert covered.covered_at == newer


def test_the_next_view_is_promised_by_one_of_two_and_the_one_after_it_anew(world: World) -> None:
    first = world.drops.take_view(recorded(world), NOW)
    assert first is not None
    world.drops.promise_view(first, "one")
    world.drops.promise_view(first, "another")
    promised = world.drops.drop(DROP.id)
    assert promised is not None
    assert (promised.owed_by, promised.owed_after) == ("one", NOW)
    assert promised.is_next_view_owed
    later = NOW + timedelta(seconds=5)
    second = world.drops.take_view(promised, later)
    assert second is not None
    assert not second.is_next_view_owed
    world.drops.promise_view(first, "too late")
    world.drops.promise_view(second, "another")
    anew = world.drops.drop(DROP.id)
    assert anew is not None
    assert (anew.owed_by, anew.owed_after) == ("another", later)


def completion(drop: Drop) -> Event:
    return completed_event(drop, completion_report(drop, (), NOW))


def test_a_drop_is_closed_once_and_keeps_what_it_tells(world: World) -> None:
    drop = recorded(world, replace(DROP, remaining=0))
    event = completion(drop)
    closed = world.drops.close(drop, event, NOW)
    assert (closed.state, closed.completion) == (DropState.COMPLETED, event)
    later = world.drops.close(drop, replace(event, id="another"), NOW + timedelta(hours=1))
    assert later == closed


def test_a_drop_is_not_closed_while_a_job_runs(world: World) -> None:
    drop = recorded(world)
    kept = world.drops.close(drop, completion(drop), NOW)
    assert kept.state is DropState.ACCEPTED


def test_the_end_of_a_drop_is_told_once(world: World) -> None:
    drop = recorded(world, replace(DROP, remaining=0))
    event = completion(drop)
    world.drops.close(drop, event, NOW)
    world.drops.mark_completion_told(event.id)
    told = world.drops.drop(DROP.id)
    assert told is not None
    assert told.told


def test_telling_a_forgotten_drop_makes_none(world: World) -> None:
    world.drops.mark_completion_told("forgotten")
    assert world.drops.drop("forgotten") is None
