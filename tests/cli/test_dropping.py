"""From a file on this machine to the video on it."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Said, live
from tests.support.world import INTAKE, VIDEO, World
from video_pipeline_cli.target import Target

Run = Callable[..., Said]


def test_a_drop_names_the_ids_that_the_pipeline_then_uses(
    run: Run, world: World, pipeline: Target, manifest: Path
) -> None:
    (drop,) = run("drop", manifest, "--json").document["drops"]
    live(world, 1)
    (job,) = world.drops.jobs_of(drop["id"])
    assert [{"id": job.id, "name": job.name}] == drop["jobs"]
    assert job.manifest_key == drop["manifest"] == "manifests/tea.json"


def test_references_beside_a_manifest_go_before_it_and_only_once(
    run: Run, world: World, pipeline: Target, manifest: Path
) -> None:
    first = run("drop", manifest, "--prefix", "spring", "--json").document["drops"][0]
    again = run("drop", manifest, "--prefix", "spring", "--json").document["drops"][0]
    assert (first["uploaded"], again["uploaded"]) == (["manifests/spring/bottle.png"], [])
    stored = world.s3.get_object(Bucket=INTAKE, Key="manifests/spring/bottle.png")["Body"].read()
    assert stored == (manifest.parent / "bottle.png").read_bytes()


def test_nothing_outside_of_the_manifests_folder_is_uploaded(
    run: Run, world: World, pipeline: Target, manifest: Path
) -> None:
    folder = manifest.parent / "inner"
    folder.mkdir()
    moved = manifest.rename(folder / "tea.json")
    moved.write_text(json.dumps({"prompt": "image 1", "image_urls": ["../bottle.png"]}))
    (drop,) = run("drop", moved, "--json").document["drops"]
    assert drop["uploaded"] == []


def test_of_files_with_errors_nothing_is_uploaded(
    run: Run, world: World, pipeline: Target, manifest: Path
) -> None:
    bad = manifest.with_name("bad.json")
    bad.write_text("{")
    said = run("drop", manifest, bad)
    assert said.code == 1
    assert "Nothing was uploaded." in said
    assert "Contents" not in world.s3.list_objects_v2(Bucket=INTAKE)


def test_two_files_for_one_key_are_refused(
    run: Run, pipeline: Target, manifest: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other" / "tea.json"
    other.parent.mkdir()
    other.write_text(manifest.read_text())
    said = run("drop", manifest, other)
    assert said.code == 2
    assert "manifests/tea.json" in said


def test_waiting_brings_the_results_and_says_what_they_cost(
    run: Run, pipeline: Target, manifest: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    said = run("drop", manifest, "--out", out, "--json")
    (drop,) = said.document["drops"]
    (job,) = drop["jobs"]
    assert (said.code, drop["state"], job["state"]) == (0, "completed", "archived")
    assert (job["charged"], job["credits"]) == ("yes", 13)
    assert (out / "tea" / "tea" / "video.mp4").read_bytes() == VIDEO
    assert len(said.document["files"]) == 3


def test_people_who_wait_see_where_the_video_lies(
    run: Run, pipeline: Target, manifest: Path
) -> None:
    said = run("drop", manifest, "--wait")
    assert said.code == 0
    assert "s3://archive-bucket/videos/tea/tea/video.mp4" in said


def test_waiting_ends_with_code_3_when_the_time_is_up(
    run: Run, pipeline: Target, manifest: Path
) -> None:
    said = run("drop", manifest, "--wait", "--timeout", 0)
    assert said.code == 3
    assert "unknown" in said


def test_the_same_drop_again_says_that_it_spends_nothing(
    run: Run, world: World, pipeline: Target, manifest: Path
) -> None:
    run("drop", manifest, "--wait")
    said = run("drop", manifest, "--wait")
    assert said.code == 0
    assert "for an earlier drop" in said
    assert len(world.provider.bodies) == 1
