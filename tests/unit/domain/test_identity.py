from dataclasses import replace

import pytest

from video_pipeline.domain.identity import (
    drop_receipt_key,
    folder_of,
    is_manifest,
    job_ids,
    receipt_key,
    run_name,
    split_run_name,
)
from video_pipeline.domain.manifest import JobDraft, Manifest
from video_pipeline.domain.request import VideoRequest

REQUEST = VideoRequest(prompt="tea", image_urls=("https://example.com/a.png",))
OTHER = replace(REQUEST, prompt="coffee")


def manifest(*drafts: tuple[str | None, VideoRequest], rerun: bool = False) -> Manifest:
    jobs = [
        JobDraft(position, name, request, {})
        for position, (name, request) in enumerate(drafts, start=1)
    ]
    return Manifest(tuple(jobs), rerun=rerun)


def ids(dropped: Manifest, version: str = "v1", key: str = "manifests/m.json") -> list[str]:
    return [job_id for job_id, _ in job_ids(dropped, "intake", key, version)]


def test_the_same_drop_is_the_same_job() -> None:
    dropped = manifest(("tea", REQUEST))
    assert ids(dropped, "v1") == ids(dropped, "v2")


def test_an_edited_job_is_a_new_one_and_its_neighbours_stay() -> None:
    before = ids(manifest(("tea", REQUEST), ("cup", REQUEST)))
    after = ids(manifest(("tea", OTHER), ("cup", REQUEST)))
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_nameless_twins_are_two_jobs() -> None:
    assert len(set(ids(manifest((None, REQUEST), (None, REQUEST))))) == 2


def test_a_job_put_in_front_makes_no_new_job_of_the_others() -> None:
    assert ids(manifest((None, OTHER), (None, REQUEST)))[1] == ids(manifest((None, REQUEST)))[0]


def test_rerun_buys_again_with_every_version() -> None:
    dropped = manifest(("tea", REQUEST), rerun=True)
    assert ids(dropped, "v1") != ids(dropped, "v2")


def test_another_manifest_is_another_job() -> None:
    dropped = manifest(("tea", REQUEST))
    assert ids(dropped, key="manifests/a.json") != ids(dropped, key="manifests/b.json")


def test_the_name_of_a_run_fits_into_80_characters() -> None:
    (job_id,) = ids(manifest(("tea", REQUEST)))
    name = run_name(job_id, 10**9)
    assert len(name) <= 80
    assert split_run_name(name) == (job_id, 10**9)


@pytest.mark.parametrize(
    ("key", "taken"),
    [
        ("manifests/a/m.json", True),
        ("manifests/m.YAML", True),
        ("manifests/m.yml", True),
        ("manifests/m.jsonl", True),
        ("manifests/bottle.png", False),
        ("manifests/json", False),
        ("receipts/a/m.json.json", False),
    ],
)
def test_only_manifests_are_taken_in(key: str, taken: bool) -> None:
    assert is_manifest(key) is taken


def test_places_follow_from_the_manifests_place() -> None:
    key = "manifests/spring/promo.v2.yaml"
    assert folder_of(key) == "videos/spring/promo.v2"
    assert receipt_key(key) == "receipts/spring/promo.v2.yaml.json"
    assert drop_receipt_key(key, "d1") == "receipts/spring/promo.v2.yaml/d1.json"
