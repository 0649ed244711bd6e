from dataclasses import replace

import pytest

from tests.support.world import INTAKE, ONE_REQUEST, TABLE, World
from video_pipeline.adapters.ledger.drops import DynamoDrops
from video_pipeline.adapters.ledger.items import job_key
from video_pipeline.adapters.price_list import load_prices
from video_pipeline.domain.drop import Drop, DropState
from video_pipeline.domain.job import JobState
from video_pipeline.use_cases.bury_manifest import BuryManifest
from video_pipeline.use_cases.submit_manifest import DroppedObject


def types(world: World) -> list[str]:
    return [event.type for event in world.bus.events]


def test_an_accepted_manifest_is_promised_told_and_started(world: World) -> None:
    drop = world.drop("manifests/a/m.json", {"jobs": [ONE_REQUEST, ONE_REQUEST]})
    jobs = world.drops.jobs_of(drop.id)
    assert [job.state for job in jobs] == [JobState.ACCEPTED, JobState.ACCEPTED]
    assert world.runs.started == [f"{job.id}-1" for job in jobs]
    assert types(world) == ["Manifest Accepted"]
    assert [job["name"] for job in world.receipt()["jobs"]] == ["job-00001", "job-00002"]


def test_an_invalid_manifest_is_told_with_every_error_and_promises_nothing(world: World) -> None:
    drop = world.drop("manifests/a/m.json", {"prompt": "tea", "duration": 99, "quality": "9p"})
    assert drop.state is DropState.REJECTED
    assert types(world) == ["Manifest Rejected"]
    paths = {error["path"] for error in world.receipt()["errors"]}
    assert {"$.duration", "$.quality"} <= paths
    assert world.runs.started == []
    assert world.drops.jobs_of(drop.id) == ()


def test_what_is_no_manifest_is_left_alone(world: World) -> None:
    assert world.submit_manifest(world.put("manifests/a/bottle.png", b"png")) is None
    assert types(world) == []


def test_a_redelivered_drop_adds_nothing(world: World) -> None:
    dropped = world.put("manifests/a/m.json", ONE_REQUEST)
    first, second = world.take_in(dropped), world.take_in(dropped)
    assert (first.id, first.remaining) == (second.id, second.remaining)
    assert len(world.runs.started) == 1
    assert {event.id for event in world.bus.events} == {f"{first.id}-accepted"}


def test_a_redelivery_starts_what_a_crash_left_unstarted(world: World) -> None:
    dropped = world.put("manifests/a/m.json", ONE_REQUEST)
    drop = world.take_in(dropped)
    world.runs.started.clear()
    world.submit_manifest(dropped)
    (job,) = world.drops.jobs_of(drop.id)
    assert world.runs.started == [f"{job.id}-1"]


def test_an_event_without_a_version_reads_the_newest(world: World) -> None:
    version = world.put("manifests/a/m.json", ONE_REQUEST).version_id
    drop = world.take_in(DroppedObject(INTAKE, "manifests/a/m.json", None))
    assert drop.version_id == version


def test_the_same_drop_again_buys_nothing_and_says_so(world: World) -> None:
    job = world.one_job()
    world.spin(job)
    world.provider.finish()
    world.spin(job)
    again = world.drop("manifests/a/m.json", ONE_REQUEST)
    assert (again.state, again.told) == (DropState.COMPLETED, True)
    assert len(world.provider.bodies) == 1
    receipt = world.receipt()
    assert receipt["state"] == "completed"
    assert receipt["drop_id"] == again.id
    assert receipt["jobs"][0]["bought_by_this_drop"] is False
    assert types(world).count("Manifest Completed") == 1


def test_a_second_drop_while_the_job_runs_ends_with_it(world: World) -> None:
    job = world.one_job()
    world.spin(job)
    again = world.drop("manifests/a/m.json", ONE_REQUEST)
    assert again.remaining == 1
    world.provider.finish()
    world.clock.advance(seconds=10)
    world.spin(job)
    assert world.told().count("Manifest Completed") == 2
    assert world.receipt()["drop_id"] == again.id
    assert world.receipt()["state"] == "completed"


def test_an_edited_manifest_buys_only_its_edited_job(world: World) -> None:
    tea, cup = {**ONE_REQUEST, "name": "tea"}, {**ONE_REQUEST, "name": "cup"}
    world.drop("manifests/a/m.json", {"jobs": [tea, cup]})
    world.drop("manifests/a/m.json", {"jobs": [tea, {**cup, "duration": 9}]})
    assert len(world.runs.started) == 3


def test_rerun_buys_again_on_purpose(world: World) -> None:
    for _ in range(2):
        world.drop("manifests/a/m.json", {"jobs": [ONE_REQUEST], "rerun": True})
    assert len(world.runs.started) == 2


def test_a_folder_of_another_manifest_is_refused_before_paying(world: World) -> None:
    world.drop("manifests/a/m.json", ONE_REQUEST)
    drop = world.drop("manifests/a/m.jsonl", ONE_REQUEST)
    assert drop.state is DropState.REJECTED
    (problem,) = drop.problems
    assert problem.code == "foreign_folder"
    assert "manifests/a/m.json" in problem.message
    assert len(world.runs.started) == 1


def test_a_manifest_dearer_than_its_cap_is_refused(world: World) -> None:
    drop = world.drop("manifests/a/m.json", {"jobs": [ONE_REQUEST] * 2, "max_credits": 20})
    assert drop.state is DropState.REJECTED
    assert drop.problems[0].code == "max_credits"
    assert drop.problems[0].value == "27"


def test_a_manifest_that_is_gone_is_told(world: World) -> None:
    drop = world.take_in(DroppedObject(INTAKE, "manifests/a/gone.json", None))
    assert drop.problems[0].code == "manifest_gone"
    assert types(world) == ["Manifest Rejected"]


def test_a_late_message_of_a_deleted_manifest_leaves_its_drop_as_it_is(world: World) -> None:
    dropped = world.put("manifests/a/m.json", ONE_REQUEST)
    drop = world.take_in(dropped)
    world.s3.delete_object(Bucket=INTAKE, Key=dropped.key, VersionId=dropped.version_id or "")
    assert world.take_in(dropped).state is drop.state is DropState.ACCEPTED
    assert "Manifest Rejected" not in types(world)


def test_a_manifest_deleted_while_its_jobs_are_made_is_no_silent_loss(world: World) -> None:
    dropped = world.put("manifests/a/m.json", ONE_REQUEST)
    drop = world.take_in(dropped)
    (job,) = world.drops.jobs_of(drop.id)
    world.dynamodb.delete_item(TableName=TABLE, Key=job_key(job.id))
    world.s3.delete_object(Bucket=INTAKE, Key=dropped.key, VersionId=dropped.version_id or "")
    with pytest.raises(LookupError, match="was deleted while its jobs were being made"):
        world.take_in(dropped)


def test_of_two_verdicts_the_one_that_was_recorded_first_holds(world: World) -> None:
    """The same drop, judged by two price lists at the same time."""
    dropped = world.put("manifests/a/m.json", {**ONE_REQUEST, "max_credits": 20})
    drop = world.take_in(dropped)
    dear = replace(load_prices(), rate=load_prices().rate * 10)
    whole = world.submit_manifest
    late = replace(
        whole,
        drops=Unknowing(world.dynamodb, TABLE, retention_days=400),
        validate_manifest=replace(whole.validate_manifest, prices=dear),
    )
    decided = late(dropped)
    assert isinstance(decided, Drop)
    assert (decided.id, decided.state) == (drop.id, DropState.ACCEPTED)
    assert "Manifest Rejected" not in types(world)


class Unknowing(DynamoDrops):
    """Does not yet see the drop that somebody else records right now."""

    looked = False

    def drop(self, drop_id: str) -> Drop | None:
        found = super().drop(drop_id) if self.looked else None
        self.looked = True
        return found


@pytest.fixture
def bury(world: World) -> BuryManifest:
    whole = world.submit_manifest
    return BuryManifest(
        whole.intake, world.drops, world.bus, world.show_receipt, whole, world.clock
    )


def test_a_drop_that_could_never_be_taken_in_is_told_as_rejected(
    world: World, bury: BuryManifest
) -> None:
    drop = bury(world.put("manifests/a/m.json", ONE_REQUEST))
    assert isinstance(drop, Drop)
    assert drop.state is DropState.REJECTED
    assert types(world) == ["Manifest Rejected"]
    assert world.receipt()["errors"][0]["code"] == "undeliverable"


def test_a_drop_that_was_half_taken_in_is_finished_instead(
    world: World, bury: BuryManifest
) -> None:
    dropped = world.put("manifests/a/m.json", ONE_REQUEST)
    world.submit_manifest(dropped)
    drop = bury(dropped)
    assert isinstance(drop, Drop)
    assert drop.state is DropState.ACCEPTED
    assert "Manifest Rejected" not in types(world)
