from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.world import World
from video_pipeline.domain import moves
from video_pipeline.domain.answers import (
    AccountRefused,
    AccountTrouble,
    CreateAnswer,
    Created,
    NotSent,
    Refused,
    Unknown,
)
from video_pipeline.domain.errors import JobBusyError, StaleMoveError
from video_pipeline.domain.job import Charged, Job, JobState
from video_pipeline.domain.media import MediaFacts, Reference
from video_pipeline.domain.next_step import Later
from video_pipeline.domain.problem import Problem


def answered(world: World, answer: CreateAnswer) -> Job:
    """Submit a fresh job whose paid call comes back with this answer."""
    job = world.one_job()
    world.provider.answers.append(lambda _: answer)
    world.submit(job)
    return world.job(job)


def test_a_named_task_is_noted_and_told(world: World) -> None:
    job = answered(world, Created("task-unified-7"))
    assert (job.state, job.task_id) == (JobState.SUBMITTED, "task-unified-7")
    assert [event.type for event in world.ledger.untold_events(job)] == ["Video Submitted"]


def test_a_definite_no_ends_the_job_unpaid(world: World) -> None:
    job = answered(world, Refused(400, "invalid_request", "prompt is odd"))
    assert (job.state, job.reason, job.charged) == (JobState.FAILED, "refused", Charged.NO)
    assert job.message == "400 invalid_request: prompt is odd"
    assert world.credits_of() == (0, 0)


def test_a_moderation_verdict_at_submit_says_so(world: World) -> None:
    assert answered(world, Refused(400, "content_filter", "no")).reason == "moderation"


def test_what_was_never_sent_goes_back_and_waits(world: World) -> None:
    job = answered(world, NotSent("no route to host"))
    assert (job.state, job.attempt) == (JobState.ACCEPTED, 1)
    assert job.not_before is not None
    assert world.credits_of() == (0, 0)


def test_a_lost_answer_is_unconfirmed_and_keeps_its_reservation(world: World) -> None:
    job = answered(world, Unknown("timed out"))
    assert (job.state, job.charged) == (JobState.UNCONFIRMED, Charged.UNKNOWN)
    assert world.credits_of() == (135_000, 0)


def test_nobody_calls_again_for_an_unconfirmed_attempt(world: World) -> None:
    job = answered(world, Unknown("timed out"))
    world.submit(job)
    assert len(world.provider.bodies) == 1


@pytest.mark.parametrize(
    "trouble", [t for t in AccountTrouble if t is not AccountTrouble.RATE_LIMIT]
)
def test_trouble_with_the_account_holds_every_job(world: World, trouble: AccountTrouble) -> None:
    job = answered(world, AccountRefused(trouble, 402, "insufficient_quota", "top up"))
    assert job.state is JobState.ACCEPTED
    assert world.credits_of() == (0, 0)
    assert world.account.control().paused == trouble
    world.provider.down = True  # the probe fails
    world.submit(job)
    assert len(world.provider.bodies) == 1


def test_a_pause_ends_by_the_free_probe(world: World) -> None:
    job = answered(world, AccountRefused(AccountTrouble.QUOTA, 402, "q", "top up"))
    world.provider.credits_left = 0
    world.submit(job)
    assert len(world.provider.bodies) == 1
    world.provider.credits_left = 1_000_000
    world.clock.advance(minutes=2)
    world.submit(job)
    assert len(world.provider.bodies) == 2
    assert world.account.control().paused is None


def test_a_rate_limit_is_waited_for_as_long_as_it_says(world: World) -> None:
    limited = AccountRefused(AccountTrouble.RATE_LIMIT, 429, "rate", "slow down", 30)
    job = answered(world, limited)
    world.clock.advance(seconds=29)
    world.submit(job)
    assert len(world.provider.bodies) == 1
    world.clock.advance(seconds=2)
    world.submit(job)
    assert len(world.provider.bodies) == 2


def test_without_a_key_nothing_is_promised(world: World) -> None:
    job = world.one_job()
    world.provider.ready = False
    world.submit(job)
    assert world.job(job).state is JobState.ACCEPTED
    assert world.provider.bodies == []


def test_a_doubled_message_pays_once(world: World) -> None:
    job = world.one_job()
    for _ in range(3):
        world.submit(job)
    assert len(world.provider.bodies) == 1
    assert len(world.runs.answered) == 3


def test_a_message_of_an_older_attempt_is_dropped(world: World) -> None:
    job = world.one_job()
    world.spin(job)
    world.provider.fail("service_error")
    world.spin(job)
    world.clock.advance(minutes=5)
    world.submit(replace(world.job(job), attempt=1))
    assert len(world.provider.bodies) == 1


def test_a_leased_call_is_left_alone(world: World) -> None:
    job = world.one_job()
    lease = world.clock.now() + timedelta(minutes=2)
    promise = moves.submitting(
        job, call_id="c", now=world.clock.now(), lease_until=lease, estimate=1
    )
    world.ledger.commit(promise)
    with pytest.raises(JobBusyError):
        world.submit(job)
    assert world.runs.answered == []


def test_the_lease_outlives_the_worker(world: World) -> None:
    job = world.one_job()
    world.submit(job, seconds_left=100)
    lease = world.job(job).lease_until
    assert lease is not None
    assert lease > world.clock.now() + timedelta(seconds=100)


def test_a_call_is_not_begun_without_the_time_to_note_its_answer(world: World) -> None:
    job = world.one_job()
    with pytest.raises(JobBusyError):
        world.submit(job, seconds_left=62)
    assert world.job(job).state is JobState.ACCEPTED
    assert world.provider.bodies == []


def test_bad_media_end_the_job_before_paying(world: World) -> None:
    job = world.one_job()
    world.references.problems = (Problem("missing", "$.image_urls[0]", "There is no tea.png."),)
    world.submit(job)
    ended = world.job(job)
    assert (ended.reason, ended.charged) == ("invalid_media", Charged.NO)
    assert ended.message == "$.image_urls[0]: There is no tea.png."
    assert world.provider.bodies == []


MISSING = Problem(
    "reference_missing", "$.image_urls[0]", "There is no such file.", value="s3://brand/tea.png"
)


def test_a_reference_that_is_not_there_yet_is_waited_for(world: World) -> None:
    job = world.one_job()
    world.references.missing = (MISSING,)
    assert isinstance(world.spin(job), Later)
    waiting = world.job(job)
    assert waiting.state is JobState.ACCEPTED
    assert waiting.trail[-1].cause == "not there yet: s3://brand/tea.png"
    world.references.missing = ()
    world.clock.advance(seconds=6)
    world.spin(job)
    submitted = world.job(job)
    assert (submitted.state, submitted.waiting_since) == (JobState.SUBMITTED, None)


def test_looks_for_a_missing_reference_grow_rarer_and_end_by_its_name(world: World) -> None:
    job = world.one_job()
    world.references.missing = (MISSING,)
    begun, looks = world.clock.now(), 0
    while isinstance(step := world.spin(job), Later):
        world.clock.advance(seconds=step.seconds)
        looks += 1
    ended = world.job(job)
    assert (ended.reason, ended.charged) == ("invalid_media", Charged.NO)
    assert "$.image_urls[0] (s3://brand/tea.png): There is no such file." in str(ended.message)
    assert "waited for 60 minutes" in str(ended.message)
    assert timedelta(minutes=60) <= world.clock.now() - begun < timedelta(minutes=61)
    assert 10 < looks < 25


def test_nothing_is_waited_for_where_another_reference_is_bad_for_good(world: World) -> None:
    job = world.one_job()
    world.references.missing = (MISSING,)
    world.references.problems = (Problem("reference_side", "$.image_urls[1]", "It is tiny."),)
    world.submit(job)
    ended = world.job(job)
    assert ended.reason == "invalid_media"
    assert "It is tiny." in str(ended.message)
    assert "tea.png" in str(ended.message)


def test_a_deadline_cuts_the_wait_for_a_reference_short(world: World) -> None:
    job = world.one_job(deadline="2026-11-24T12:00:03Z")
    world.references.missing = (MISSING,)
    world.spin(job)
    world.clock.advance(seconds=4)
    world.spin(job)
    assert world.job(job).reason == "deadline"


def test_the_measured_seconds_of_input_videos_make_the_estimate(world: World) -> None:
    job = world.one_job(video_urls=["https://example.com/v.mp4"])
    world.references.input_seconds = 12.34
    world.submit(job)
    assert world.job(job).estimate == 286_108


def test_what_was_measured_is_kept_with_the_job(world: World) -> None:
    job = world.one_job()
    facts = MediaFacts("png", 640, 480)
    measured = (Reference("image_urls", 0, "https://example.com/bottle.png", 98, facts, None, "e"),)
    world.references.measured = measured
    world.submit(job)
    assert world.job(job).references == measured


def test_the_days_cap_holds(aws: None) -> None:
    world = World(daily_credits=20)
    one, two = world.one_job(name="one"), world.one_job(name="two")
    world.submit(one)
    world.submit(two)
    assert len(world.provider.bodies) == 1
    refused = world.job(two)
    assert (refused.reason, refused.charged) == ("credit_cap", Charged.NO)
    assert refused.message == (
        "Reserving 13.5 credits would exceed the 20 credits of the UTC day 2026-11-24; "
        "13.5 are taken already."
    )
    assert world.credits_of() == (135_000, 0)


def test_a_job_dearer_than_a_whole_day_is_refused(aws: None) -> None:
    world = World(daily_credits=1)
    job = world.one_job()
    world.submit(job)
    assert world.job(job).reason == "credit_cap"


def test_a_new_day_has_its_own_cap(aws: None) -> None:
    world = World(daily_credits=20)
    world.submit(world.one_job(name="one"))
    world.clock.advance(hours=13)
    world.submit(world.one_job(name="two"))
    assert len(world.provider.bodies) == 2
    assert world.credits_of("2026-11-25") == (135_000, 0)


def test_the_holder_of_the_call_moves_an_unconfirmed_job_on(world: World) -> None:
    """The hub gave the call up while its answer was still on the way."""
    job = world.one_job()

    def hub_meanwhile(task_id: str) -> CreateAnswer:
        current = world.job(job)
        world.ledger.commit(moves.unconfirmed(current, world.clock.now()))
        return world.provider.bought(task_id)

    world.provider.answers.append(hub_meanwhile)
    world.submit(job)
    moved = world.job(job)
    assert (moved.state, moved.rings) == (JobState.SUBMITTED, 1)


def test_a_late_answer_never_undoes_the_next_workers_promise(world: World) -> None:
    """Without the call id, a repeated write after a 429 buys the task twice."""
    job = world.one_job()

    def another_worker_meanwhile(task_id: str) -> CreateAnswer:
        now = world.clock.now()
        back = world.ledger.commit(moves.sent_back(world.job(job), now, now, "429"))
        lease = now + timedelta(minutes=2)
        promise = moves.submitting(back, call_id="other", now=now, lease_until=lease, estimate=1)
        world.ledger.commit(promise)
        return AccountRefused(AccountTrouble.RATE_LIMIT, 429, "rate", "slow down")

    world.provider.answers.append(another_worker_meanwhile)
    world.submit(job)
    assert (world.job(job).state, world.job(job).call_id) == (JobState.SUBMITTING, "other")


def test_a_task_of_another_attempt_is_never_taken(world: World) -> None:
    first = world.one_job(name="one")
    world.submit(first)
    second = world.one_job(name="two")
    world.provider.answers.append(lambda _: Created("task-unified-1"))
    world.submit(second)
    assert world.job(second).state is JobState.UNCONFIRMED


def test_a_submitted_job_without_a_run_gets_one(world: World) -> None:
    job = world.one_job()
    world.submit(job)
    submitted = replace(world.job(job), published=1)
    world.ledger.mark_told(job.id, 1)
    assert world.ledger.close_run(submitted, world.clock.now())
    world.submit(job)
    assert world.job(job).open_run == 2
    assert f"{job.id}-2" in world.runs.started


def test_a_move_decided_on_old_knowledge_is_refused(world: World) -> None:
    job = world.one_job()
    now = world.clock.now()
    move = moves.submitting(job, call_id="c", now=now, lease_until=now, estimate=1)
    world.ledger.commit(move)
    with pytest.raises(StaleMoveError):
        world.ledger.commit(move)
    assert world.credits_of() == (1, 0)
