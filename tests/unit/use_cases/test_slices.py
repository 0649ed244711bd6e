"""A drop that is too large for one invocation: every slice validated, then every one registered."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.support.world import INTAKE, ONE_REQUEST, World
from video_pipeline.adapters import manifest_assembly
from video_pipeline.domain.drop import Drop, DropState
from video_pipeline.domain.identity import drop_id
from video_pipeline.use_cases.bury_manifest import BuryManifest
from video_pipeline.use_cases.submit_manifest import DroppedObject, Phase

KEY = "manifests/a/m.jsonl"
RECEIPT = "receipts/a/m.jsonl.json"


def no_time() -> timedelta:
    return timedelta(0)


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest_assembly, "SLICE_JOBS", 2)


def lines(*jobs: dict[str, Any], head: dict[str, Any] | None = None) -> bytes:
    parts = [head] if head else []
    whole = [*parts, *({**ONE_REQUEST, **job} for job in jobs)]
    return "\n".join(map(json.dumps, whole)).encode()


def named(*names: str) -> list[dict[str, Any]]:
    return [{"name": name} for name in names]


def step(world: World, dropped: DroppedObject) -> DroppedObject | Drop:
    """Let one invocation do its least, and return what it leaves to the next."""
    done = world.submit_manifest(dropped, no_time)
    assert done is not None
    return done


def to_the_end(world: World, dropped: DroppedObject) -> tuple[list[str], Drop]:
    """Go on from message to message; return what each asked for, and the drop."""
    asked: list[str] = []
    done = step(world, dropped)
    while isinstance(done, DroppedObject):
        assert DroppedObject.read(world.queue.messages[-1]) == done
        asked.append(f"{done.phase} {done.slice}")
        done = step(world, done)
    return asked, done


def test_every_slice_is_validated_before_any_is_registered(world: World) -> None:
    asked, drop = to_the_end(world, world.put(KEY, lines(*named("a", "b", "c", "d", "e"))))
    assert asked == ["validate 1", "validate 2", "register 1", "register 2"]
    assert (drop.total, drop.remaining) == (5, 5)
    assert [job.name for job in world.drops.jobs_of(drop.id)] == ["a", "b", "c", "d", "e"]
    assert len(world.runs.started) == 5
    assert [event.type for event in world.bus.events] == ["Manifest Accepted"]
    assert len(world.receipt(RECEIPT)["jobs"]) == 5


def test_a_message_carries_any_key_in_characters_that_a_queue_takes() -> None:
    dropped = DroppedObject(INTAKE, "manifests/fr\u00fch\uffff\x01.json", "v", Phase.REGISTER, 3)
    assert dropped.message().isascii()
    assert DroppedObject.read(dropped.message()) == dropped


def test_nothing_starts_and_nothing_is_told_while_slices_are_unvalidated(world: World) -> None:
    dropped = step(world, world.put(KEY, lines(*named("a", "b", "c", "d", "e"))))
    assert isinstance(dropped, DroppedObject)
    step(world, dropped)
    assert (world.runs.started, world.bus.events) == ([], [])
    assert world.drops.drop(drop_id(INTAKE, KEY, dropped.version_id or "")) is None


def test_an_error_in_any_slice_rejects_the_whole_with_all_that_is_wrong(world: World) -> None:
    jobs: list[dict[str, Any]] = [{"duration": 99}, {}, {}, {"quality": "9p"}, {}]
    _, drop = to_the_end(world, world.put(KEY, lines(*jobs)))
    assert drop.state is DropState.REJECTED
    paths = [error["path"] for error in world.receipt(RECEIPT)["errors"]]
    assert paths == ["line 1: $.duration", "line 4: $.quality"]
    assert world.receipt(RECEIPT)["jobs"] == []
    assert (world.runs.started, world.drops.jobs_of(drop.id)) == ([], ())


def test_a_name_is_unique_across_slices_and_the_first_is_named(world: World) -> None:
    _, drop = to_the_end(world, world.put(KEY, lines(*named("a", "b", "c", "a"))))
    (problem,) = drop.problems
    assert (problem.code, problem.path) == ("name_taken", "line 4: $.name")
    assert "line 1: $" in problem.message


def test_identity_does_not_depend_on_how_a_manifest_was_sliced(world: World) -> None:
    body = lines({}, {}, {"name": "a"}, {}, {}, {})
    _, sliced = to_the_end(world, world.put(KEY, body))
    started = list(world.runs.started)
    at_once = world.drop(KEY, body)
    assert sliced.id != at_once.id
    assert sorted(world.runs.started) == sorted(started)
    ids = [[job.id for job in world.drops.jobs_of(drop.id)] for drop in (sliced, at_once)]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 6


def test_what_holds_for_all_holds_in_every_slice(world: World) -> None:
    head = {"defaults": {"duration": 9, "metadata": {"campaign": "spring"}}, "rerun": True}
    _, drop = to_the_end(world, world.put(KEY, lines({}, {}, {}, {}, head=head)))
    assert {job.request.duration for job in world.drops.jobs_of(drop.id)} == {9}
    assert drop.metadata == {"campaign": "spring"}
    to_the_end(world, world.put(KEY, lines({}, {}, {}, {}, head=head)))
    assert len(world.runs.started) == 8


def test_the_cap_of_a_manifest_counts_all_slices(world: World) -> None:
    _, drop = to_the_end(world, world.put(KEY, lines({}, {}, {}, {}, head={"max_credits": 40})))
    assert [problem.code for problem in drop.problems] == ["max_credits"]
    assert drop.problems[0].value == "54"


def test_a_warning_of_an_earlier_slice_is_an_error_when_strict(world: World) -> None:
    jobs = [{"prompt": "image 4 turns"}, {}, {}]
    _, drop = to_the_end(world, world.put(KEY, lines(*jobs, head={"strict": True})))
    assert [problem.code for problem in drop.problems] == [
        "mention_unknown",
        "reference_unmentioned",
    ]
    assert drop.state is DropState.REJECTED


def test_a_folder_of_another_manifest_is_refused_after_all_slices(world: World) -> None:
    world.drop("manifests/a/m.json", ONE_REQUEST)
    _, drop = to_the_end(world, world.put(KEY, lines({}, {}, {})))
    assert [problem.code for problem in drop.problems] == ["foreign_folder"]


def test_a_list_of_jobs_is_sliced_like_lines(world: World) -> None:
    manifest = {"jobs": [{**ONE_REQUEST, "matrix": {"duration": [4, 5, 6]}}, *[ONE_REQUEST] * 3]}
    asked, drop = to_the_end(world, world.put("manifests/a/m.json", manifest))
    assert asked == ["validate 1", "validate 2", "register 1", "register 2"]
    assert [job.name for job in world.drops.jobs_of(drop.id)] == [
        f"job-{number:05d}" for number in range(1, 7)
    ]


def test_every_message_may_come_twice(world: World) -> None:
    dropped = world.put(KEY, lines(*named("a", "b", "c", "d", "e")))
    waiting: list[DroppedObject] = [dropped]
    while waiting:
        work = waiting.pop()
        done = step(world, work)
        step(world, work)
        waiting += [done] if isinstance(done, DroppedObject) else []
    drop = world.drops.drop(drop_id(INTAKE, KEY, dropped.version_id or ""))
    assert drop is not None
    assert (drop.total, drop.remaining) == (5, 5)
    assert sorted(world.runs.started) == sorted(set(world.runs.started))
    assert len(world.runs.started) == 5
    assert {event.id for event in world.bus.events} == {f"{drop.id}-accepted"}


def test_a_message_that_comes_late_finishes_what_is_decided_already(world: World) -> None:
    dropped = world.put(KEY, lines(*named("a", "b", "c", "d", "e")))
    second = step(world, dropped)
    drop = world.take_in(dropped)
    world.runs.started.clear()
    assert isinstance(second, DroppedObject)
    assert world.take_in(second).id == drop.id
    assert len(world.runs.started) == 5


def test_validation_begins_again_when_what_it_found_was_lost(world: World) -> None:
    dropped = world.put(KEY, lines(*named("a", "b", "c", "d", "e")))
    drop = world.take_in(DroppedObject(INTAKE, KEY, dropped.version_id, Phase.VALIDATE, 2))
    assert drop.total == 5


@pytest.fixture
def bury(world: World) -> BuryManifest:
    whole = world.submit_manifest
    return BuryManifest(
        whole.intake, world.drops, world.bus, world.show_receipt, whole, world.clock
    )


def test_a_dead_slice_that_was_not_validated_rejects_the_drop(
    world: World, bury: BuryManifest
) -> None:
    dead = step(world, world.put(KEY, lines(*named("a", "b", "c"))))
    assert isinstance(dead, DroppedObject)
    drop = bury(dead, no_time)
    assert isinstance(drop, Drop)
    assert drop.state is DropState.REJECTED
    late = step(world, dead)
    assert isinstance(late, Drop)
    assert (late.id, late.state) == (drop.id, DropState.REJECTED)


def test_a_dead_slice_that_was_to_be_registered_is_registered(
    world: World, bury: BuryManifest
) -> None:
    work: DroppedObject | Drop = world.put(KEY, lines(*named("a", "b", "c", "d", "e")))
    while isinstance(work, DroppedObject) and work.phase is Phase.VALIDATE:
        work = step(world, work)
    assert isinstance(work, DroppedObject)
    rest = bury(work, no_time)
    assert isinstance(rest, DroppedObject)
    assert (rest.phase, rest.slice) == (Phase.REGISTER, 2)
    _, drop = to_the_end(world, rest)
    assert len(world.drops.jobs_of(drop.id)) == 5
