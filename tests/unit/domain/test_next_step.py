from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.unit.domain.jobs import (
    ACCEPTED,
    ARCHIVED,
    COMPLETED,
    FAILED,
    NOW,
    SUBMITTED,
    SUBMITTING,
    UNCONFIRMED,
    task,
)
from video_pipeline.domain.job import Charged, Job, JobState
from video_pipeline.domain.next_step import (
    ArchiveVideo,
    Await,
    Done,
    Later,
    Publish,
    Step,
    Submit,
    due_move,
    next_step,
)
from video_pipeline.domain.policy import Policy
from video_pipeline.domain.task import Task, TaskGone, TaskStatus

POLICY = Policy()
DONE_TASK = task(TaskStatus.COMPLETED, links=("https://files.test/1.mp4",), charged=130_000)
GONE = TaskGone("task-unified-1")


def hours(count: float) -> datetime:
    return NOW + timedelta(hours=count)


STEPS: list[tuple[str, Job, timedelta | None, Step]] = [
    ("an accepted job is submitted", ACCEPTED, None, Submit(1)),
    ("a second attempt says so", replace(ACCEPTED, attempt=2), None, Submit(2)),
    ("a postponed job waits", replace(ACCEPTED, not_before=hours(0.01)), None, Later(36)),
    ("a leased call is left alone", SUBMITTING, None, Later(120)),
    ("a submitted job awaits a ring", replace(SUBMITTED, rings=3), None, Await(3)),
    ("untold events come before waiting", replace(SUBMITTED, published=0), None, Publish()),
    ("a completed job is archived", COMPLETED, None, ArchiveVideo()),
    ("archiving comes before telling", replace(COMPLETED, published=0), None, ArchiveVideo()),
    ("a failed copy waits", replace(COMPLETED, not_before=hours(0.01)), None, Later(36)),
    ("an archived job tells it", replace(ARCHIVED, published=1), None, Publish()),
    ("an archived job is done", ARCHIVED, None, Done()),
    ("a failed job is done", FAILED, None, Done()),
    ("an unconfirmed job is done until a ring", UNCONFIRMED, None, Done()),
]


@pytest.mark.parametrize(
    ("job", "hold", "step"), [case[1:] for case in STEPS], ids=[c[0] for c in STEPS]
)
def test_the_next_step_follows_from_the_job(job: Job, hold: timedelta | None, step: Step) -> None:
    assert next_step(job, NOW, hold, POLICY) == step


@pytest.mark.parametrize(("waited", "seconds"), [(0, 60), (1, 900), (48, 3600)])
def test_a_held_job_waits_longer_the_longer_it_has_waited(waited: float, seconds: int) -> None:
    assert seconds <= held_seconds(ACCEPTED, waited) <= seconds * 5 / 4 + 1


def test_a_very_long_hold_is_looked_at_again() -> None:
    assert held_seconds(ACCEPTED, 0, timedelta(days=1)) <= 900 * 5 / 4 + 1


def test_held_jobs_do_not_all_come_back_at_once() -> None:
    jobs = [replace(ACCEPTED, id=f"{number:032x}") for number in range(200)]
    waits = Counter(held_seconds(job, 48) for job in jobs)
    assert max(waits.values()) < 10


def held_seconds(job: Job, waited: float, hold: timedelta = timedelta(seconds=60)) -> int:
    step = next_step(job, hours(waited), hold, POLICY)
    assert isinstance(step, Later)
    return step.seconds


RETRYABLE = task(TaskStatus.FAILED, error_code="service_error")
BLOCKED = task(TaskStatus.FAILED, error_code="content_policy_violation", error_message="no")
UNHEARD_OF = task(TaskStatus.FAILED, error_code="something_new")

MOVES: list[tuple[str, Job, Task | TaskGone | None, datetime, JobState | None]] = [
    ("an accepted job stays", ACCEPTED, None, NOW, None),
    ("a deadline ends it unpaid", replace(ACCEPTED, deadline=NOW), None, NOW, JobState.FAILED),
    ("a lease is respected", SUBMITTING, None, NOW, None),
    ("a lease is respected whatever a claim says", SUBMITTING, task(), NOW, None),
    ("a lost answer is unconfirmed", SUBMITTING, None, hours(1), JobState.UNCONFIRMED),
    ("a proven claim finds the task", SUBMITTING, task(), hours(1), JobState.SUBMITTED),
    ("a late claim recovers", UNCONFIRMED, task(), hours(9), JobState.SUBMITTED),
    ("no claim, no recovery", UNCONFIRMED, None, hours(9), None),
    ("a running task stays", SUBMITTED, task(), hours(1), None),
    ("a finished task completes", SUBMITTED, DONE_TASK, hours(1), JobState.COMPLETED),
    ("an empty result may fill", SUBMITTED, task(TaskStatus.COMPLETED), hours(0.5), None),
    ("an empty result ends", SUBMITTED, task(TaskStatus.COMPLETED), hours(2), JobState.FAILED),
    ("a retryable failure tries again", SUBMITTED, RETRYABLE, NOW, JobState.ACCEPTED),
    ("attempts are limited", replace(SUBMITTED, attempt=3), RETRYABLE, NOW, JobState.FAILED),
    ("a verdict is never tried again", SUBMITTED, BLOCKED, NOW, JobState.FAILED),
    ("an unknown code ends the job", SUBMITTED, UNHEARD_OF, NOW, JobState.FAILED),
    ("a task may be slow to appear", SUBMITTED, GONE, NOW, None),
    ("a task that is gone ends the job", SUBMITTED, GONE, hours(1), JobState.FAILED),
    ("a long task is waited for", SUBMITTED, task(), hours(71), None),
    ("a stuck task ends the job", SUBMITTED, task(), hours(73), JobState.FAILED),
    ("a completed job stays", COMPLETED, None, NOW, None),
    ("an archived job never moves", ARCHIVED, BLOCKED, hours(99), None),
    ("a failed job never moves", FAILED, DONE_TASK, hours(99), None),
]


@pytest.mark.parametrize(
    ("job", "seen", "now", "state"), [case[1:] for case in MOVES], ids=[case[0] for case in MOVES]
)
def test_the_due_move_follows_from_job_task_and_time(
    job: Job, seen: Task | TaskGone | None, now: datetime, state: JobState | None
) -> None:
    move = due_move(job, seen, now, POLICY)
    assert (move.after.state if move else None) is state


def test_a_link_near_its_end_is_told_once() -> None:
    move = due_move(COMPLETED, None, hours(19), POLICY)
    assert move is not None
    assert move.event is not None
    assert move.event.type == "Link At Risk"
    assert due_move(move.after, None, hours(19), POLICY) is None


def test_a_fresh_link_replaces_the_old_one() -> None:
    fresh = replace(DONE_TASK, links=("https://files.test/fresh.mp4",))
    move = due_move(COMPLETED, fresh, hours(2), POLICY)
    assert move is not None
    assert move.after.link == "https://files.test/fresh.mp4"
    assert move.event is None


def test_a_link_that_is_fresh_at_every_look_postpones_neither_warning_nor_end() -> None:
    fresh = replace(DONE_TASK, links=("https://files.test/fresh.mp4",))
    warning = due_move(COMPLETED, fresh, hours(19), POLICY)
    assert warning is not None
    assert warning.after.risk_told
    tried = replace(warning.after, not_before=hours(24.5))
    end = due_move(tried, fresh, hours(24.6), POLICY)
    assert end is not None
    assert end.after.reason == "link_expired"


def test_a_copy_is_tried_beyond_the_links_end_before_it_is_given_up() -> None:
    tried = replace(COMPLETED, archive_tries=90, risk_told=True)
    before_the_end = replace(tried, not_before=hours(24))
    after_the_end = replace(tried, not_before=hours(24.5), archive_trouble="403 from the link")
    assert due_move(before_the_end, None, hours(24.1), POLICY) is None
    move = due_move(after_the_end, None, hours(24.6), POLICY)
    assert move is not None
    assert (move.after.reason, move.after.charged) == ("link_expired", Charged.YES)
    assert move.after.message == "403 from the link"


@pytest.mark.parametrize(
    ("seen", "reason", "charged"),
    [
        (BLOCKED, "moderation", Charged.NO),
        (UNHEARD_OF, "generation_failed", Charged.NO),
        (task(TaskStatus.FAILED, error_code="invalid_parameters"), "rejected_input", Charged.NO),
        (
            task(TaskStatus.FAILED, error_code="request_cancelled"),
            "cancelled_by_provider",
            Charged.NO,
        ),
        (GONE, "task_gone", Charged.UNKNOWN),
        (task(TaskStatus.COMPLETED), "empty_result", Charged.YES),
    ],
)
def test_every_end_says_why_and_whether_it_was_charged(
    seen: Task | TaskGone, reason: str, charged: Charged
) -> None:
    move = due_move(SUBMITTED, seen, hours(2), POLICY)
    assert move is not None
    assert (move.after.reason, move.after.charged) == (reason, charged)
    assert move.event is not None
    assert move.event.detail["next_step"]


def test_the_wait_before_each_further_attempt_doubles() -> None:
    first = due_move(SUBMITTED, RETRYABLE, NOW, POLICY)
    second = due_move(replace(SUBMITTED, attempt=2), RETRYABLE, NOW, POLICY)
    assert first is not None
    assert second is not None
    assert first.after.not_before == NOW + timedelta(seconds=60)
    assert second.after.not_before == NOW + timedelta(seconds=120)
