import time
from dataclasses import replace

import pytest

from tests.support.world import CALLBACK_KEY, World
from video_pipeline.domain.answers import Unknown
from video_pipeline.domain.capability import grant
from video_pipeline.domain.job import Job, JobState
from video_pipeline.domain.next_step import Await, Done, Later
from video_pipeline.use_cases.advance_job import Turn
from video_pipeline.use_cases.receive_callback import claimed_task


def ring(world: World, job: Job, body: str = "{}") -> bool:
    return world.receive_callback(grant(CALLBACK_KEY, job.id, job.attempt), body)


def arm(world: World, job: Job) -> None:
    """Store a token as the state AwaitCompletion does."""
    world.dynamodb.update_item(
        TableName="ledger",
        Key={"pk": {"S": f"JOB#{job.id}"}, "sk": {"S": "JOB"}},
        UpdateExpression="SET #token = :token, token_run = :run",
        ExpressionAttributeNames={"#token": "token"},
        ExpressionAttributeValues={":token": {"S": "waiting"}, ":run": {"N": "1"}},
    )


def lost(world: World) -> Job:
    """A job whose paid call bought a task, but whose answer was lost."""
    job = world.one_job()

    def vanish(task_id: str) -> Unknown:
        world.provider.bought(task_id)
        return Unknown("timed out")

    world.provider.answers.append(vanish)
    assert world.spin(job) == Done()
    assert world.job(job).state is JobState.UNCONFIRMED
    return world.job(job)


def test_a_ring_wakes_the_run_that_waits(world: World) -> None:
    job = world.one_job()
    world.spin(job)
    arm(world, job)
    assert ring(world, job)
    assert world.runs.answered[-1] == "waiting"
    assert world.job(job).rings == 1


def test_a_forged_ring_moves_nothing(world: World) -> None:
    job = world.one_job()
    assert not world.receive_callback(grant("wrong key", job.id, 1), "{}")
    assert world.job(job).rings == 0


def test_a_ring_during_the_look_is_seen_by_the_wait(world: World) -> None:
    """The hub hands on the count that it read before it asked the provider."""
    job = world.one_job()
    assert world.spin(job) == Await(rings=0)
    ring(world, job)
    assert world.job(job).rings == 1  # so the wait for rings = 0 does not arm


def test_a_ring_that_finds_no_run_starts_the_next(world: World) -> None:
    job = lost(world)
    ring(world, job)
    assert world.job(job).open_run == 2
    assert world.runs.started[-1] == f"{job.id}-2"


def test_a_doubled_ring_starts_one_run(world: World) -> None:
    job = lost(world)
    ring(world, job)
    ring(world, job)
    assert world.runs.started == [f"{job.id}-1", f"{job.id}-2"]


def test_a_lost_answer_is_recovered_by_its_callback(world: World) -> None:
    job = lost(world)
    world.provider.finish()
    ring(world, job, '{"id": "task-unified-1", "status": "completed"}')
    assert world.spin(job) == Done()
    assert world.job(job).state is JobState.ARCHIVED
    assert world.credits_of() == (0, 130_000)
    assert world.told() == [
        "Video Unconfirmed",
        "Manifest Completed",
        "Video Submitted",
        "Video Archived",
    ]


def test_a_late_recovery_does_not_count_its_job_again(world: World) -> None:
    job = lost(world)
    world.provider.finish()
    ring(world, job, '{"id": "task-unified-1"}')
    world.spin(job)
    (drop_id,) = world.job(job).drops
    drop = world.drops.drop(drop_id)
    assert drop is not None
    assert drop.remaining == 0
    assert world.receipt()["jobs"][0]["state"] == "archived"


def test_a_claim_that_comes_before_the_answer_is_kept(world: World) -> None:
    job = world.one_job()

    def ring_then_vanish(task_id: str) -> Unknown:
        world.provider.bought(task_id)
        ring(world, job, f'{{"id": "{task_id}"}}')
        return Unknown("timed out")

    world.provider.answers.append(ring_then_vanish)
    world.spin(job)
    assert world.job(job).state is JobState.SUBMITTED


@pytest.mark.parametrize(
    "claim", ["task-unified-of-somebody", "task-unified-1"], ids=["unknown", "owned by another"]
)
def test_a_claim_is_not_believed_without_proof(world: World, claim: str) -> None:
    owner = world.one_job(name="owner")
    world.submit(owner)
    job = world.one_job(name="other")
    world.provider.answers.append(lambda _: Unknown("timed out"))
    world.spin(job)
    ring(world, job, f'{{"id": "{claim}"}}')
    world.clock.advance(minutes=11)
    assert world.spin(job) == Done()
    assert world.job(job).state is JobState.UNCONFIRMED
    assert world.job(job).open_run is None


def test_a_task_older_than_the_call_is_not_ours(world: World) -> None:
    world.provider.bought("task-unified-old")
    world.clock.advance(hours=1)
    job = lost(world)
    ring(world, job, '{"id": "task-unified-old"}')
    world.spin(job)
    assert world.job(job).state is JobState.UNCONFIRMED


def test_a_claim_that_cannot_be_checked_now_is_checked_later(world: World) -> None:
    job = lost(world)
    ring(world, job, '{"id": "task-unified-1"}')
    world.provider.down = True
    assert isinstance(world.spin(job), Later)
    world.provider.down = False
    world.spin(job)
    assert world.job(job).state is JobState.SUBMITTED


def test_a_claimed_task_that_is_slow_to_appear_is_looked_for_again(world: World) -> None:
    job = lost(world)
    shown = world.provider.tasks.pop("task-unified-1")
    ring(world, job, '{"id": "task-unified-1"}')
    assert isinstance(world.spin(job), Later)
    world.provider.tasks["task-unified-1"] = shown
    world.spin(job)
    assert world.job(job).state is JobState.SUBMITTED


def test_a_claimed_task_that_never_appears_is_given_up(world: World) -> None:
    job = lost(world)
    world.provider.tasks.clear()
    ring(world, job, '{"id": "task-unified-1"}')
    world.clock.advance(minutes=11)
    assert world.spin(job) == Done()
    assert world.job(job).state is JobState.UNCONFIRMED


def test_the_first_five_claims_count(world: World) -> None:
    job = world.one_job()
    for number in range(9):
        ring(world, job, f'{{"id": "task-unified-{number}"}}')
    assert len(world.ledger.claims(job.id, 1)) == 5
    assert world.job(job).rings == 9


def test_a_ring_while_the_run_ends_keeps_it_open(world: World) -> None:
    """A ring that is answered while the run is closing must not be forgotten."""
    job = lost(world)
    ring(world, job)
    seen = world.job(job)
    ring(world, job, '{"id": "task-unified-1"}')
    assert not world.ledger.close_run(seen, world.clock.now())
    world.spin(job)
    assert world.job(job).state is JobState.SUBMITTED


@pytest.mark.parametrize(
    ("body", "claim"),
    [
        ('{"id": "task-unified-1"}', "task-unified-1"),
        ('{"task_id": "task-unified-1"}', "task-unified-1"),
        ('{"id": 7}', None),
        ('{"id": "no spaces allowed"}', None),
        (f'{{"id": "{"x" * 129}"}}', None),
        ("[]", None),
        ("not json", None),
        ("", None),
        ("[" * 100_000, None),
    ],
)
def test_whatever_the_body_holds_is_survived(body: str, claim: str | None) -> None:
    assert claimed_task(body) == claim


def test_a_hub_whose_run_is_not_open_changes_nothing(world: World) -> None:
    job = world.one_job()
    before = world.job(job)
    assert world.advance_job(Turn(job.id, 7, 0)).step == Done()
    assert world.job(job) == before


def test_a_hub_that_finds_a_later_run_open_makes_sure_that_it_was_started(world: World) -> None:
    job = world.one_job()
    assert world.ledger.open_run(job, 2)  # and then the opener died
    world.advance_job(Turn(job.id, 1, 5))
    assert world.runs.started[-1] == f"{job.id}-2"


def test_after_many_turns_the_hub_hands_over(world: World) -> None:
    job = world.one_job()
    assert world.advance_job(Turn(job.id, 1, 1000)).step == Done()
    assert world.job(job).open_run == 2
    assert world.runs.started[-1] == f"{job.id}-2"


def test_a_ring_and_its_claim_are_one_write(world: World) -> None:
    """Two writes could be parted by a crash: a claim that nobody was told to look at."""
    job = world.one_job()
    writes: list[str] = []
    world.dynamodb.meta.events.register(
        "before-call.dynamodb", lambda model, **_: writes.append(model.name)
    )
    world.ledger.ring(job.id, 1, "task-unified-1")
    assert writes == ["UpdateItem"]
    assert world.ledger.claims(job.id, 1) == ("task-unified-1",)


def test_ten_thousand_callbacks_without_capability_reach_nothing(world: World) -> None:
    """Each costs one comparison: no read, no write, and all of them but a moment."""
    job = world.one_job()
    genuine = grant(CALLBACK_KEY, job.id, 1)
    before, began = world.job(job), time.process_time()
    for number in range(10_000):
        forged = replace(genuine, proof=f"{number:064x}")
        assert not world.receive_callback(forged, '{"id": "task-unified-1"}')
    assert time.process_time() - began < 5
    assert world.job(job) == before
