"""Events told again: from the ledger word for word, from the archive by AWS."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.cli.conftest import Said
from tests.support.world import World
from video_pipeline.domain.identity import drop_id
from video_pipeline_cli import target as targets
from video_pipeline_cli.target import Target

Run = Callable[..., Said]


@dataclass
class Bus:
    """A bus that keeps every entry; it stands in for EventBridge."""

    entries: list[dict[str, str]] = field(default_factory=list)

    def put_events(self, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803 - boto3's
        self.entries += Entries
        return {"FailedEntryCount": 0, "Entries": [{} for _ in Entries]}


@dataclass(frozen=True)
class Stack(Target):
    """The world's stack, with outputs as CloudFormation would tell them."""

    told: dict[str, str] = field(default_factory=dict)

    @property
    def outputs(self) -> dict[str, str]:
        return self.told


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def stack(pipeline: Target, bus: Bus, monkeypatch: pytest.MonkeyPatch) -> Stack:
    given = {name: getattr(pipeline, name) for name in pipeline.__dataclass_fields__}
    given |= {"client": lambda _: bus, "told": {"EventBusName": "events"}}
    opened = Stack(**given)
    monkeypatch.setattr(targets, "open_target", lambda _stack, _file: opened)
    return opened


def told_before(world: World) -> list[dict[str, str]]:
    return [event.entry("events") for event in world.bus.events] + [
        {**entry, "EventBusName": "events"} for entry in world.published
    ]


def dropped(run: Run, manifest: Path) -> str:
    answer = run("drop", manifest, "--wait", "--json")
    job_id: str = answer.document["drops"][0]["jobs"][0]["id"]
    return job_id


def test_a_jobs_events_are_told_again_word_for_word(
    run: Run, stack: Stack, world: World, bus: Bus, manifest: Path
) -> None:
    job_id = dropped(run, manifest)
    said = run("replay", "--job", job_id, "--json")
    assert said.code == 0
    assert said.document == {
        "published": 2,
        "kinds": {"Video Submitted": 1, "Video Archived": 1},
    }
    of_job = [entry for entry in told_before(world) if f"{job_id}-0" in entry["Detail"]]
    assert bus.entries == of_job


def test_a_manifests_events_are_told_again_from_first_to_last(
    run: Run, stack: Stack, world: World, bus: Bus, manifest: Path
) -> None:
    dropped(run, manifest)
    said = run("replay", "--manifest", "manifests/tea.json", "--json")
    assert said.document["published"] == 4
    kinds = [entry["DetailType"] for entry in bus.entries]
    assert kinds == ["Manifest Accepted", "Video Submitted", "Video Archived", "Manifest Completed"]
    before = {json.loads(entry["Detail"])["event_id"]: entry for entry in told_before(world)}
    again = {json.loads(entry["Detail"])["event_id"]: entry for entry in bus.entries}
    assert again == before


def test_a_rejected_manifest_is_told_again_as_rejected(
    run: Run, stack: Stack, world: World, bus: Bus
) -> None:
    drop = world.drop("manifests/bad.json", {"prompt": 7})
    assert drop.id == drop_id(drop.bucket, drop.key, drop.version_id)
    run("replay", "--manifest", drop.id)
    assert bus.entries == told_before(world)


def test_what_is_still_to_be_told_is_left_to_the_run(
    run: Run, stack: Stack, world: World, bus: Bus
) -> None:
    job = world.one_job()
    world.submit(job)
    said = run("replay", "--job", job.id)
    assert "Nothing was told yet" in said
    assert bus.entries == []


@pytest.mark.parametrize("words", [(), ("--job", "0" * 32, "--since", "1h")])
def test_one_choice_has_to_be_made(run: Run, stack: Stack, words: tuple[str, ...]) -> None:
    said = run("replay", *words)
    assert said.code == 2
    assert "Say one of --since TIME, --job ID and --manifest KEY" in said


def test_what_is_not_known_is_not_told(run: Run, stack: Stack) -> None:
    assert "No job" in run("replay", "--job", "0" * 32)
    assert "is no job's id" in run("replay", "--job", "tea")
    assert "No drop" in run("replay", "--manifest", "0" * 16)


def test_a_stack_without_an_archive_says_what_will_do_instead(run: Run, stack: Stack) -> None:
    said = run("replay", "--since", "2h")
    assert said.code == 2
    assert "keeps no archive of events. Use --job ID or --manifest KEY" in said


@pytest.fixture
def archived(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A bus with an archive, as AWS keeps it."""
    client = boto3.client("events")
    bus_arn = client.create_event_bus(Name="events")["EventBusArn"]
    archive = client.create_archive(ArchiveName="told", EventSourceArn=bus_arn)["ArchiveArn"]
    given = {name: getattr(stack, name) for name in stack.__dataclass_fields__}
    given |= {"client": lambda _: client}
    given |= {"told": {"EventBusName": "events", "EventArchiveArn": archive}}
    monkeypatch.setattr(targets, "open_target", lambda _stack, _file: Stack(**given))
    return client


def test_a_time_is_told_again_by_the_archive_onto_the_same_bus(
    run: Run, archived: Any, world: World
) -> None:
    said = run("replay", "--since", "2h", "--json")
    assert said.code == 0
    replay = archived.describe_replay(ReplayName=said.document["replay"])
    assert replay["EventSourceArn"].endswith("archive/told")
    assert replay["Destination"]["Arn"].endswith("event-bus/events")
    length = replay["EventEndTime"] - replay["EventStartTime"]
    assert length.total_seconds() == 7200


def test_a_time_that_ends_before_it_begins_is_refused(run: Run, archived: Any) -> None:
    said = run("replay", "--since", "1h", "--until", "2h")
    assert said.code == 2
    assert "--since must lie before --until" in said
