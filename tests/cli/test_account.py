"""Pausing and resuming every submission from a terminal."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.cli.conftest import Said
from tests.support.world import World
from video_pipeline_cli import target
from video_pipeline_cli.target import Target

Run = Callable[..., Said]


@pytest.fixture
def stack(pipeline: Target, world: World, monkeypatch: pytest.MonkeyPatch) -> Target:
    """The world's stack, with its own bus instead of a client of EventBridge."""
    monkeypatch.setattr(Target, "bus", world.bus)
    opened = replace(pipeline)
    monkeypatch.setattr(target, "open_target", lambda _stack, _file: opened)
    return opened


def test_a_pause_holds_new_calls_and_everybody_is_told(
    run: Run, world: World, stack: Target
) -> None:
    job = world.one_job()
    said = run("pause", "--why", "the prompt is wrong")
    assert said.code == 0
    assert "Submission is paused (person) since" in said
    world.spin(job)
    assert world.provider.bodies == []
    assert "the prompt is wrong" in run("status")
    assert "the prompt is wrong" in run("status", job.id)
    assert "video-pipeline resume" in run("explain", job.id)
    assert run("status", "--json").document["submission"]["reason"] == "person"


def test_a_resumption_lets_held_jobs_go_on(run: Run, world: World, stack: Target) -> None:
    job = world.one_job()
    run("pause")
    said = run("resume", "--json")
    assert (said.code, said.document["submission"]["paused"]) == (0, False)
    world.spin(job)
    assert len(world.provider.bodies) == 1
    assert [event.type for event in world.bus.events[1:]] == [
        "Submission Paused",
        "Submission Resumed",
    ]


def test_resuming_what_was_not_paused_says_so(run: Run, world: World, stack: Target) -> None:
    assert "It was not paused." in run("resume")
    assert world.bus.events == []
