"""Account-wide pauses: who begins them, who may end them, and that each is told."""

from datetime import timedelta

import pytest

from tests.support.world import World
from video_pipeline.domain.answers import AccountRefused, AccountTrouble
from video_pipeline.domain.control import PERSON, Control, paused_by_person, resumed
from video_pipeline.domain.errors import PipelineError
from video_pipeline.domain.events import Event

DRY = AccountRefused(AccountTrouble.QUOTA, 402, "insufficient_quota", "top up")
CLOSED = AccountRefused(AccountTrouble.FORBIDDEN, 403, "model_access_denied", "not yet")


def told(world: World) -> list[str]:
    return [event.type for event in world.bus.events]


def pause_by_hand(world: World) -> Control:
    control = world.account.control()
    return world.change_account(paused_by_person(control, "a look first", world.clock.now()))


def test_a_pause_and_its_end_are_told_and_counted_once(world: World) -> None:
    for _ in range(3):
        world.hold.because_of(DRY, 100)
    world.clock.advance(minutes=2)
    assert world.hold.left() is None
    assert told(world) == ["Submission Paused", "Submission Resumed"]
    assert world.counted == ["SubmissionPaused", "SubmissionResumed"]


def test_what_its_teller_did_not_live_to_tell_is_told_by_the_next_who_looks(world: World) -> None:
    class Dead:
        def publish(self, event: Event) -> None:
            raise PipelineError(event.type)

    alive, world.bus = world.bus, Dead()  # type: ignore[assignment]  # a bus that kills
    world._wire()
    with pytest.raises(PipelineError):
        world.hold.because_of(DRY, 100)
    world.bus = alive
    world._wire()
    world.hold.left()
    world.hold.left()
    assert told(world) == ["Submission Paused"]


def test_a_pause_by_a_person_is_not_ended_by_the_probe(world: World) -> None:
    pause_by_hand(world)
    world.clock.advance(days=1)
    assert world.hold.left() is not None
    assert world.account.control().paused == PERSON


def test_a_refusal_does_not_turn_a_persons_pause_into_one_that_ends_by_itself(
    world: World,
) -> None:
    pause_by_hand(world)
    world.hold.because_of(DRY, 100)
    assert world.account.control().paused == PERSON


def test_a_person_may_pause_what_the_provider_has_paused_already(world: World) -> None:
    world.hold.because_of(DRY, 100)
    assert pause_by_hand(world).paused == PERSON
    assert told(world) == ["Submission Paused", "Submission Paused"]


def test_a_person_ends_either_pause(world: World) -> None:
    for begin in (lambda: pause_by_hand(world), lambda: world.hold.because_of(DRY, 1)):
        begin()
        control = world.account.control()
        world.change_account(resumed(control, PERSON, world.clock.now()))
        assert world.hold.left() is None


def test_a_rate_limit_ends_no_pause_and_is_never_shortened(world: World) -> None:
    pause_by_hand(world)
    for wait in (600, 30):
        limited = AccountRefused(AccountTrouble.RATE_LIMIT, 429, "rate", "slow down", wait)
        world.hold.because_of(limited, None)
    assert world.account.control().paused == PERSON
    world.change_account(resumed(world.account.control(), PERSON, world.clock.now()))
    left = world.hold.left()
    assert left is not None
    assert left > timedelta(seconds=590)


def test_an_empty_account_stays_paused_until_the_refused_call_can_be_paid(world: World) -> None:
    world.hold.because_of(DRY, 135_000)
    world.provider.credits_left = 134_999
    world.clock.advance(minutes=2)
    assert world.hold.left() is not None
    world.provider.credits_left = 135_000
    world.clock.advance(minutes=2)
    assert world.hold.left() is None


def test_a_model_that_stays_closed_is_tried_ever_more_rarely(world: World) -> None:
    """The free probe cannot see that, so each relapse doubles the wait, up to an hour."""
    waits = []
    for _ in range(8):
        world.hold.because_of(CLOSED, None)
        waits.append(world.account.control().probe_every)
        world.clock.advance(seconds=waits[-1].total_seconds() + 1)
        assert world.hold.left() is None
    assert [wait.total_seconds() / 60 for wait in waits] == [1, 2, 4, 8, 16, 32, 60, 60]


def test_one_caller_in_a_while_probes(world: World) -> None:
    minute = timedelta(minutes=1)
    now = world.clock.now()
    assert world.account.claim_probe(now, minute)
    assert not world.account.claim_probe(now + timedelta(seconds=59), minute)
    assert world.account.claim_probe(now + timedelta(seconds=61), minute)


def test_of_two_changes_of_the_same_control_row_one_is_made(world: World) -> None:
    control = world.account.control()
    first, second = (paused_by_person(control, why, world.clock.now()) for why in "ab")
    assert first is not None
    assert second is not None
    assert world.account.change(first)
    assert not world.account.change(second)
    assert world.account.control().message == "a"


def test_trouble_after_a_person_resumed_is_no_relapse(world: World) -> None:
    for _ in range(3):
        world.hold.because_of(CLOSED, None)
        assert world.account.control().probe_every == timedelta(minutes=1)
        world.change_account(resumed(world.account.control(), PERSON, world.clock.now()))
