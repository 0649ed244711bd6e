"""The provider's key is changed under a job: it waits unpaid, and goes on with the new key."""

from tests.support.world import World
from video_pipeline.domain.answers import AccountRefused, AccountTrouble, CreateAnswer


def refused(_task_id: str) -> CreateAnswer:
    return AccountRefused(AccountTrouble.UNAUTHORIZED, 401, "unauthorized", "taken away")


def test_a_call_under_a_key_that_was_taken_away_buys_nothing_and_is_made_again(
    world: World,
) -> None:
    job = world.one_job()
    world.provider.answers.append(refused)
    world.spin(job)
    assert (world.job(job).state, world.job(job).reserved) == ("accepted", 0)
    assert world.account.control().paused == AccountTrouble.UNAUTHORIZED
    world.clock.advance(minutes=2)
    world.spin(job)
    assert world.account.control().paused is None
    assert world.job(job).state == "submitted"
    assert len(world.provider.tasks) == 1
    assert len(set(world.provider.keys)) == 1, "the same attempt, the same idempotency key"


def test_a_key_that_does_not_work_yet_keeps_the_pause(world: World) -> None:
    job = world.one_job()
    world.provider.answers.append(refused)
    world.spin(job)
    world.provider.down = True
    world.clock.advance(minutes=2)
    world.spin(job)
    assert world.account.control().paused == AccountTrouble.UNAUTHORIZED
    assert world.provider.tasks == {}
