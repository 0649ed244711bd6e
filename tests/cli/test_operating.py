"""What the command tells whoever runs a stack."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Said, nobody
from tests.support.world import ONE_REQUEST, World
from video_pipeline.domain.job import Job
from video_pipeline_cli import target
from video_pipeline_cli.doctor.template import Template
from video_pipeline_cli.target import Target

Run = Callable[..., Said]
PROMPT = "A planted prompt about image 1"


@pytest.fixture
def three(world: World, pipeline: Target) -> list[Job]:
    """One archived job of a campaign, one that was moderated, one that waits; an hour apart."""
    requests: list[dict[str, Any]] = [
        {"metadata": {"campaign": "spring"}},
        {"metadata": {"campaign": "autumn"}},
        {},
    ]
    found: list[Job] = []
    for number, more in enumerate(requests):
        drop = world.drop(f"manifests/{number}/m.json", {**ONE_REQUEST, "prompt": PROMPT, **more})
        found += world.drops.jobs_of(drop.id)
        if number < 2:
            world.spin(found[-1])
        world.clock.advance(hours=1)
    world.provider.finish("task-unified-1")
    world.provider.fail("content_policy_violation", "task-unified-2")
    for job in found[:2]:
        world.spin(job)
    return found


def ids(said: Said) -> list[str]:
    assert said.code == 0, said.err
    return [job["id"] for job in said.document["jobs"]]


FILTERS: dict[str, list[int]] = {
    "": [0, 1, 2],
    "--state archived": [0],
    "--state archived --state accepted": [0, 2],
    "--reason moderation": [1],
    "--manifest manifests/2/": [2],
    "--manifest manifests/2/m.json --state failed": [],
    "--metadata campaign=autumn": [1],
    "--since 90m": [2],
    "--until 90m": [0, 1],
    "--since 2026-11-24T12:30 --until 2026-11-24T13:30": [1],
}


def test_jobs_are_found_by_what_is_known_of_them(run: Run, three: list[Job]) -> None:
    found = {words: ids(run("jobs", *words.split(), "--json")) for words in FILTERS}
    assert found == {words: [three[one].id for one in those] for words, those in FILTERS.items()}


def test_a_list_that_was_cut_says_so(run: Run, three: list[Job]) -> None:
    assert run("jobs", "--limit", 2, "--json").document["complete"] is False
    assert "there are more" in run("jobs", "--limit", 2)
    assert "1 accepted, 1 archived, 1 failed" in run("jobs")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("jobs", "--state", "done"), "done is no state; there are accepted"),
        (("jobs", "--reason", "bad"), "bad is no reason; there are"),
        (("jobs", "--metadata", "campaign"), "write --metadata NAME=TEXT"),
        (("jobs", "--since", "yesterday"), "yesterday is no time: write 90m"),
        (("cost", "--by", "user"), "user is none of day, manifest and metadata.NAME"),
        (("export", "tea"), "32 hex digits"),
    ],
)
def test_a_word_that_means_nothing_is_wrong_usage(
    words: tuple[str, ...], complaint: str, run: Run, pipeline: Target
) -> None:
    said = run(*words)
    assert said.code == 2
    assert complaint in said


def test_cost_by_day_is_what_the_cap_is_held_by(run: Run, three: list[Job]) -> None:
    document = run("cost", "--json").document
    (row,) = document["rows"]
    assert (row["name"], row["credits"], row["credits_reserved"]) == ("2026-11-24", 13.0, 0.0)
    assert document["total"]["usd"] == 0.1912
    assert "2026-11-24" in run("cost")


def test_cost_by_metadata_tells_every_job_once(run: Run, three: list[Job]) -> None:
    rows = run("cost", "--by", "metadata.campaign", "--json").document["rows"]
    assert [(row["name"], row["jobs"], row["credits"]) for row in rows] == [
        ("(none)", 1, 0.0),
        ("autumn", 1, 0.0),
        ("spring", 1, 13.0),
    ]


def test_cost_by_manifest_forgets_what_is_older(run: Run, three: list[Job]) -> None:
    rows = run("cost", "--by", "manifest", "--since", "90m", "--json").document["rows"]
    assert [row["name"] for row in rows] == ["manifests/2/m.json"]
    assert "Nothing was spent" in run("cost", "--by", "manifest", "--since", "1s")


def test_an_export_tells_the_story_without_its_secrets(
    run: Run,
    three: list[Job],
    pipeline: Target,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without a stack behind it the services cannot be asked, and it says so of each."""
    alone = replace(pipeline, client=nobody)
    monkeypatch.setattr(target, "open_target", lambda _stack, _file: alone)
    case = tmp_path / "case.json"
    assert "read it before you send it" in run("export", three[0].id, "--out", case)
    text = case.read_text("utf-8")
    assert PROMPT not in text
    assert "https://files.test" not in text
    document = run("export", three[0].id, "--json").document
    assert document["explained"]["story"][-1]["state"] == "archived"
    types = [item.get("type") for item in document["ledger"] if "type" in item]
    assert types == ["Video Submitted", "Video Archived"]
    assert [receipt["state"] for receipt in document["receipts"]] == ["completed"]
    assert len(document["archive"]) == 3
    assert "could_not_be_asked" in document["runs"]


def test_a_job_that_nobody_knows_cannot_be_exported(run: Run, pipeline: Target) -> None:
    assert run("export", "0" * 32).code == 3


def test_the_doctor_expects_of_a_role_what_no_condition_decides() -> None:
    role = {"Type": "AWS::IAM::Role", "Properties": {"Policies": [policy("s3:GetObject")]}}
    beside = {
        "Type": "AWS::IAM::Policy",
        "Properties": {"Roles": [{"Ref": "Role"}], **policy(["sts:AssumeRole"])},
    }
    doubtful = {"Fn::If": ["OnAws", policy("s3:PutObject"), {"Ref": "AWS::NoValue"}]}
    role["Properties"]["Policies"].append(doubtful)  # type: ignore[index]  # of the role above
    template = Template({"Resources": {"Role": role, "Beside": beside}})
    assert template.actions_of("Role", {"Role"}) == {"s3:GetObject"}
    assert template.actions_of("Role", {"Role", "Beside"}) == {"s3:GetObject", "sts:AssumeRole"}


def policy(action: object) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return {"PolicyName": "p", "PolicyDocument": {"Statement": [statement]}}
