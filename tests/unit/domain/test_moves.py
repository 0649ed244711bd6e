from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.domain.jobs import (
    ACCEPTED,
    ARCHIVED,
    COMPLETED,
    NOW,
    SUBMITTED,
    SUBMITTING,
    UNCONFIRMED,
    task,
)
from video_pipeline.domain import moves
from video_pipeline.domain.job import LONGEST_TRAIL, ArchivedVideo, Charged, JobState
from video_pipeline.domain.moves import TRANSITIONS, Move
from video_pipeline.domain.policy import Policy
from video_pipeline.domain.reasons import NEXT_STEPS
from video_pipeline.domain.task import TaskStatus

VIDEO = ArchivedVideo("archive", "videos/a/m/tea/video.mp4", "v1", 9, "ab", 5.0, 1280, 720, True)


def test_no_move_leads_where_the_table_does_not() -> None:
    with pytest.raises(ValueError, match="no way from archived to accepted"):
        Move(ARCHIVED, replace(ARCHIVED, state=JobState.ACCEPTED))


def test_every_state_has_its_row_in_the_table() -> None:
    assert set(TRANSITIONS) == set(JobState)


def test_nothing_leads_back_to_an_earlier_attempts_payment() -> None:
    """Only `accepted` may be submitted; only what is unpaid, or a person, leads to it."""
    leads_to_payment = {state for state, ends in TRANSITIONS.items() if JobState.SUBMITTING in ends}
    back_to_accepted = {state for state, ends in TRANSITIONS.items() if JobState.ACCEPTED in ends}
    assert leads_to_payment == {JobState.ACCEPTED}
    unpaid = {JobState.ACCEPTED, JobState.SUBMITTING}
    redriven = {JobState.FAILED, JobState.UNCONFIRMED}
    assert back_to_accepted == unpaid | {JobState.SUBMITTED} | redriven


def test_the_promise_holds_call_lease_and_reservation() -> None:
    lease = NOW + timedelta(minutes=2)
    move = moves.submitting(ACCEPTED, call_id="c", now=NOW, lease_until=lease, estimate=135_000)
    after = move.after
    assert (after.state, after.call_id, after.lease_until) == (JobState.SUBMITTING, "c", lease)
    assert (after.reserved, after.reserved_day) == (135_000, "2026-11-24")
    assert move.event is None


def test_a_refused_call_gives_its_reservation_back() -> None:
    after = moves.sent_back(SUBMITTING, NOW, NOW, "429").after
    assert (after.state, after.attempt, after.reserved) == (JobState.ACCEPTED, 1, 0)
    assert after.call_id is None


def test_an_unconfirmed_call_keeps_its_reservation_and_counts_as_ended() -> None:
    move = moves.unconfirmed(SUBMITTING, NOW)
    assert (move.after.reserved, move.after.counted) == (135_000, True)
    assert move.event is not None
    assert (move.event.type, move.event.detail["charged"]) == ("Video Unconfirmed", "unknown")


def test_coming_out_of_unconfirmed_counts_as_a_ring() -> None:
    assert moves.submitted(UNCONFIRMED, "task-unified-1", NOW).rings
    assert not moves.submitted(SUBMITTING, "task-unified-1", NOW).rings


def test_the_next_attempt_releases_the_last_ones_reservation() -> None:
    after = moves.next_attempt(SUBMITTED, NOW, Policy(), "service_error").after
    assert (after.attempt, after.reserved, after.task_id) == (2, 0, None)


def test_the_links_end_is_counted_from_the_earliest_instant_it_can_have_been_made() -> None:
    done = task(TaskStatus.COMPLETED, links=("https://files.test/1.mp4",))
    later = NOW + timedelta(hours=5)
    after = moves.completed(SUBMITTED, done, later, Policy()).after
    assert after.link_expires_at == NOW + timedelta(hours=24)


def test_the_end_settles_with_the_providers_figure() -> None:
    move = moves.archived(COMPLETED, VIDEO, NOW)
    assert (move.after.reserved, move.after.charge) == (0, 130_000)
    assert move.event is not None
    assert move.event.detail["credits"] == 13.0
    assert move.event.detail["video"]["sha256"] == "ab"


def test_the_end_settles_with_the_estimate_when_the_provider_tells_none() -> None:
    untold = replace(COMPLETED, provider_charge=None)
    assert moves.archived(untold, VIDEO, NOW).after.charge == 135_000


def test_an_uncharged_end_settles_nothing() -> None:
    move = moves.failed(SUBMITTED, NOW, reason="moderation", message="no", charged=Charged.NO)
    assert (move.after.reserved, move.after.charge) == (0, 0)


def test_events_are_numbered_without_a_gap() -> None:
    first = moves.submitted(SUBMITTING, "task-unified-1", NOW)
    assert first.event is not None
    second = moves.at_risk(replace(COMPLETED, sequence=first.after.sequence), NOW)
    assert second.event is not None
    assert (first.event.sequence, second.event.sequence) == (1, 2)
    assert first.event.id.endswith("-0001")


def test_every_reason_has_a_next_step_in_plain_words() -> None:
    assert all(text.endswith(".") for text in NEXT_STEPS.values())


def test_every_move_leaves_its_moment_in_the_trail() -> None:
    first = moves.submitted(SUBMITTING, "task-unified-1", NOW).after
    assert [(moment.state, moment.cause) for moment in first.trail] == [
        ("submitted", "the provider holds task task-unified-1")
    ]
    tried = COMPLETED
    for _ in range(LONGEST_TRAIL + 5):
        tried = moves.archive_tried(tried, NOW, Policy()).after
    assert len(tried.trail) == LONGEST_TRAIL
    assert tried.trail[-1].cause == f"copy {LONGEST_TRAIL + 5} begins"
