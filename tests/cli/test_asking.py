"""What the command tells of jobs that are on their way, and how one is ended."""

from collections.abc import Callable

from tests.cli.conftest import Said
from tests.support.world import World
from video_pipeline.domain.answers import AccountRefused, AccountTrouble
from video_pipeline_cli.target import Target

Run = Callable[..., Said]


def test_status_lists_recent_drops(run: Run, world: World, pipeline: Target) -> None:
    world.one_job()
    said = run("status")
    assert said.code == 0
    assert "manifests/a/m.json" in said
    assert "0/1" in said
    assert len(run("status", "--json").document["drops"]) == 1


def test_status_of_a_job_under_way_ends_with_code_3(
    run: Run, world: World, pipeline: Target
) -> None:
    job = world.one_job()
    said = run("status", job.id, "--json")
    assert said.code == 3
    assert said.document["jobs"][0]["state"] == "accepted"
    assert said.document["jobs"][0]["charged"] == "no"


def test_a_manifest_is_found_by_its_key_as_well(run: Run, world: World, pipeline: Target) -> None:
    job = world.one_job()
    said = run("status", "manifests/a/m.json")
    assert job.id in said
    assert run("status", "manifests/b.json").code == 3


def test_status_of_an_archived_job_has_a_link(run: Run, world: World, pipeline: Target) -> None:
    job = _archived(world)
    said = run("status", job, "--json")
    assert said.code == 0
    link = said.document["jobs"][0]["link"]
    assert link.startswith("https://")
    assert link.partition("?")[0] in run("status", job).out.splitlines()[-1]


def test_a_rejected_drop_is_shown_with_its_errors(run: Run, world: World, pipeline: Target) -> None:
    drop = world.drop("manifests/bad.json", b"{")
    said = run("status", drop.id)
    assert said.code == 1
    assert "rejected" in said


def test_a_word_that_is_no_id_is_wrong_usage(run: Run, pipeline: Target) -> None:
    said = run("status", "tea")
    assert said.code == 2
    assert "32 hex digits" in said


def test_watching_follows_all_that_is_under_way_to_the_end(
    run: Run, world: World, pipeline: Target
) -> None:
    world.one_job()
    said = run("watch")
    assert said.code == 0
    assert "archived" in said
    assert "Nothing is under way." in run("watch")


def test_the_story_of_a_job_has_every_move_and_what_was_paid(
    run: Run, world: World, pipeline: Target
) -> None:
    job = _archived(world)
    said = run("explain", job)
    assert said.code == 0
    for words in ("was dropped", "the paid call begins", "archived", "13 credits, 0.19 USD"):
        assert words in said
    document = run("explain", job, "--json").document
    states = [moment["state"] for moment in document["story"]]
    assert (states[0], states[-1]) == ("accepted", "archived")
    assert document["paid"]["charged"] == "yes"


def test_a_story_says_what_happens_next(run: Run, world: World, pipeline: Target) -> None:
    job = world.one_job()
    assert "The paid call of attempt 1" in run("explain", job.id)
    world.spin(job)
    said = run("explain", job.id)
    assert said.code == 3
    assert "waits for the provider's callback about task" in said


def test_a_story_names_what_holds_every_submission_back(
    run: Run, world: World, pipeline: Target
) -> None:
    job = world.one_job()
    world.hold.because_of(AccountRefused(AccountTrouble.QUOTA, 402, "q", "no credits left"), 1)
    assert "no credits left" in run("explain", job.id)


def test_an_unpaid_job_is_cancelled_and_twice_is_fine(
    run: Run, world: World, pipeline: Target
) -> None:
    job = world.one_job()
    said = run("cancel", job.id, "--json")
    assert (said.code, said.document["cancelled"]) == (0, True)
    assert run("cancel", job.id).code == 0
    world.spin(job)
    (shown,) = world.receipt()["jobs"]
    assert (shown["reason"], shown["charged"]) == ("cancelled", "no")
    assert world.provider.bodies == []


def test_a_paid_job_cannot_be_cancelled_and_the_charge_stands(
    run: Run, world: World, pipeline: Target
) -> None:
    job = world.one_job()
    world.spin(job)
    said = run("cancel", job.id)
    assert said.code == 1
    assert "the charge of about 13.5 credits stands" in said
    assert world.job(job).state == "submitted"


def test_a_job_that_nobody_knows_is_unknown(run: Run, pipeline: Target) -> None:
    assert run("cancel", "0" * 32).code == 3
    assert run("explain", "0" * 32).code == 3
    assert run("status", "0" * 32, "--json").document["state"] == "unknown"


def _archived(world: World) -> str:
    job = world.one_job()
    world.spin(job)
    world.provider.finish()
    world.spin(job)
    return job.id
