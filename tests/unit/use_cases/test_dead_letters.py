"""Dead letters are put back: manifests are taken in again, jobs get their next attempt."""

import json
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest

from tests.support.world import INTAKE, ONE_REQUEST, World
from video_pipeline.adapters.dead_letters import StoredDeadLetters
from video_pipeline.adapters.graveyard import Graveyard
from video_pipeline.adapters.manifests_queue import SqsManifestsQueue
from video_pipeline.domain.drop import Drop, DropState
from video_pipeline.domain.job import Job, JobState
from video_pipeline.domain.redrive import Wish
from video_pipeline.use_cases.advance_job import Turn
from video_pipeline.use_cases.bury_manifest import BuryManifest
from video_pipeline.use_cases.redrive_dead_letters import PutBack, RedriveDeadLetters
from video_pipeline.use_cases.submit_manifest import DroppedObject

KEY = "manifests/a/m.json"


@dataclass
class Desk:
    """Queues and bucket with what lies in them, and the use case that empties them."""

    world: World
    sqs: Any = field(default_factory=lambda: boto3.client("sqs", region_name="us-east-1"))

    def __post_init__(self) -> None:
        self.urls = {
            name: self.sqs.create_queue(QueueName=name)["QueueUrl"]
            for name in ("dead-manifests", "dead-jobs", "manifests")
        }
        world, dead = self.world, {q: self.urls[f"dead-{q}"] for q in ("manifests", "jobs")}
        self.letters = StoredDeadLetters(world.s3, self.sqs, INTAKE, dead)
        queue = SqsManifestsQueue(lambda: self.sqs, self.urls["manifests"])
        self.redrive = RedriveDeadLetters(
            self.letters, queue, world.ledger, world.drops, world.redrive
        )
        self.bury_manifest = BuryManifest(
            intake=world.submit_manifest.intake,
            drops=world.drops,
            bus=world.bus,
            show_receipt=world.show_receipt,
            submit_manifest=world.submit_manifest,
            clock=world.clock,
        )

    def keep(self, queue: str, body: str) -> None:
        Graveyard(self.world.s3, INTAKE).keep(queue, "letter", body)

    def lay(self, queue: str, body: str) -> None:
        self.sqs.send_message(QueueUrl=self.urls[f"dead-{queue}"], MessageBody=body)

    def empty(self) -> list[PutBack]:
        return list(self.redrive(Wish()))

    def bury(self, dropped: DroppedObject) -> Drop:
        rejected = self.bury_manifest(dropped)
        assert isinstance(rejected, Drop)
        return rejected

    def take_in(self) -> None:
        """Do what the function behind the manifests queue does."""
        for message in self.sqs.receive_message(QueueUrl=self.urls["manifests"])["Messages"]:
            self.world.submit_manifest(DroppedObject.read(message["Body"]))


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def message(dropped: DroppedObject) -> str:
    found = {"key": dropped.key, "version-id": dropped.version_id}
    return json.dumps({"detail": {"bucket": {"name": dropped.bucket}, "object": found}})


def order(job: Job) -> str:
    return json.dumps({"job_id": job.id, "attempt": job.attempt, "token": "long dead"})


def undeliverable(world: World) -> Job:
    job = world.one_job()
    world.advance_job(Turn(job.id, 1, 1, undeliverable=True))
    world.spin(job)
    return world.job(job)


@pytest.mark.parametrize("lies", ["in the queue", "in the bucket"])
def test_a_dead_manifest_is_taken_in_again(desk: Desk, lies: str) -> None:
    dropped = desk.world.put(KEY, ONE_REQUEST)
    rejected = desk.bury(dropped)
    (desk.lay if lies == "in the queue" else desk.keep)("manifests", message(dropped))
    (put_back,) = desk.empty()
    assert put_back.refusal is None
    desk.take_in()
    accepted = desk.world.drops.drop(rejected.id)
    assert accepted is not None
    assert (accepted.state, accepted.total) == (DropState.ACCEPTED, 1)
    assert desk.world.receipt()["state"] == "accepted"
    assert desk.empty() == []


def test_a_rejected_drop_is_taken_in_again_by_its_name(desk: Desk) -> None:
    rejected = desk.bury(desk.world.put(KEY, ONE_REQUEST))
    assert desk.redrive.drop(rejected).refusal is None
    desk.take_in()
    assert desk.world.receipt()["state"] == "accepted"


def test_a_drop_that_is_wrong_in_itself_is_not_taken_in_again(desk: Desk) -> None:
    wrong = desk.world.drop(KEY, {"prompt": 7})
    assert wrong.state is DropState.REJECTED
    assert "its receipt" in (desk.redrive.drop(wrong).refusal or "")


def test_a_dead_order_is_not_sent_again_but_its_job_gets_the_next_attempt(desk: Desk) -> None:
    job = undeliverable(desk.world)
    desk.keep("jobs", order(job))
    (put_back,) = desk.empty()
    assert put_back.told == "Attempt 2 begins."
    assert desk.world.job(job).state is JobState.ACCEPTED
    assert desk.empty() == []


def test_a_dead_order_of_a_job_that_went_on_is_dropped(desk: Desk) -> None:
    job = desk.world.one_job()
    desk.world.spin(job)
    desk.lay("jobs", order(job))
    (put_back,) = desk.empty()
    assert put_back.told == "Its job has gone on: submitted."
    assert desk.world.job(job).attempt == 1
    assert desk.empty() == []


def test_an_order_of_a_forgotten_job_is_dropped(desk: Desk) -> None:
    desk.keep("jobs", json.dumps({"job_id": "0" * 32, "attempt": 1, "token": "t"}))
    (put_back,) = desk.empty()
    assert put_back.refusal is None
    assert desk.empty() == []


@pytest.mark.parametrize("queue", ["manifests", "jobs"])
def test_what_nobody_can_read_is_left_for_a_person(desk: Desk, queue: str) -> None:
    desk.keep(queue, "no JSON")
    for _ in range(2):
        (left,) = desk.empty()
        assert left.refusal is not None
        assert left.name == f"dead-letters/{queue}/letter.json"
