"""Redriving and reconciling from a terminal."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from tests.cli.conftest import Said
from tests.support.world import World
from tests.unit.use_cases.test_dead_letters import Desk, order, undeliverable
from tests.unit.use_cases.test_redrive import failed, unconfirmed
from video_pipeline_cli import repair_parts
from video_pipeline_cli.target import Target

Run = Callable[..., Said]


@pytest.fixture
def desk(world: World, pipeline: Target, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The world's own parts instead of those that a stack's outputs name."""
    found = Desk(world)

    def called(_target: Target, payload: dict[str, str]) -> dict[str, Any]:
        assert payload == {}
        return {"discrepancies": [asdict(each) for each in world.reconcile()]}

    monkeypatch.setattr(repair_parts, "redrive_of", lambda _target: world.redrive)
    monkeypatch.setattr(repair_parts, "dead_letters_of", lambda _target, _redrive: found.redrive)
    monkeypatch.setattr(repair_parts, "call_reconcile", called)
    return found


def test_a_failed_job_is_taken_up_by_its_id(run: Run, world: World, desk: Desk) -> None:
    job = failed(world)
    said = run("redrive", job.id)
    assert said.code == 0
    assert "Attempt 2 begins." in said
    assert world.job(job).attempt == 2


@pytest.mark.parametrize("name", ["manifests/a/m.json", "its drop"])
def test_a_drop_takes_up_what_did_not_end_well(
    run: Run, world: World, desk: Desk, name: str
) -> None:
    job = failed(world)
    (drop_id,) = job.drops
    said = run("redrive", drop_id if name == "its drop" else name, "--json")
    (taken,) = said.document["jobs"]
    assert (said.code, taken["job"]["id"], taken["refusal"]) == (0, job.id, None)
    assert "nothing to take up" in run("redrive", drop_id)


def test_what_may_be_charged_is_refused_and_told_how_to_force(
    run: Run, world: World, desk: Desk
) -> None:
    job = unconfirmed(world)
    said = run("redrive", job.id)
    assert said.code == 1
    assert f"To pay again, say --force {job.id}." in said
    assert run("redrive", job.id, "--force", job.id).code == 0
    assert world.job(job).attempt == 2


def test_a_force_that_names_another_job_is_wrong_usage(run: Run, world: World, desk: Desk) -> None:
    job = unconfirmed(world)
    said = run("redrive", job.id, "--force", "0" * 32)
    assert said.code == 2
    assert "which is no job of" in said
    assert world.job(job).attempt == 1


def test_dead_letters_are_emptied(run: Run, world: World, desk: Desk) -> None:
    job = undeliverable(world)
    desk.keep("jobs", order(job))
    assert "Attempt 2 begins." in run("redrive", "--dead-letters")
    assert run("redrive", "--dead-letters", "--json").document == {"jobs": [], "dead_letters": []}


def test_nothing_named_is_wrong_usage(run: Run, desk: Desk) -> None:
    assert run("redrive").code == 2


def test_an_unknown_name_is_told(run: Run, desk: Desk) -> None:
    assert run("redrive", "0" * 32).code == 3


def test_where_all_agree_reconcile_says_so(run: Run, world: World, desk: Desk) -> None:
    said = run("reconcile")
    assert said.code == 0
    assert "agree" in said


def test_what_reconcile_leaves_is_in_its_table_and_exit_code(
    run: Run, world: World, desk: Desk
) -> None:
    job = unconfirmed(world)
    world.provider.tasks.clear()
    world.clock.advance(minutes=30)
    said = run("reconcile")
    assert said.code == 1
    assert job.id in said
    assert "nobody knows whether it was paid" in said
    assert run("reconcile", "--json").document["left"] == 1
