from dataclasses import replace

import pytest

from tests.unit.domain.jobs import COMPLETED
from video_pipeline.domain.job import Job
from video_pipeline.domain.labels import metadata_of, tags_of


def job(key: str = "manifests/a/m.json", **metadata: str) -> Job:
    return replace(COMPLETED, manifest_key=key, metadata=metadata)


def test_a_job_s_own_metadata_becomes_tags_beside_job_and_manifest() -> None:
    assert tags_of(job(campaign="spring", client="Ä & Söhne")) == {
        "job": COMPLETED.id,
        "manifest": "manifests/a/m.json",
        "campaign": "spring",
        "client": "Ä _ Söhne",
    }


def test_there_are_never_more_tags_than_s3_takes() -> None:
    tags = tags_of(job(**{f"name{number:02d}": "x" for number in range(20)}))
    assert list(tags) == ["job", "manifest", *(f"name{number:02d}" for number in range(8))]


@pytest.mark.parametrize("name", ["aws:owner", "AWS:x", "  "])
def test_a_name_that_s3_keeps_for_itself_is_no_tag(name: str) -> None:
    assert set(tags_of(job(**{name: "x"}))) == {"job", "manifest"}


def test_metadata_cannot_take_the_place_of_job_or_manifest() -> None:
    assert tags_of(job(job="another", manifest="another")) == tags_of(job())


def test_names_and_values_are_cut_to_what_s3_takes() -> None:
    tags = tags_of(job(**{"n" * 200: "v" * 300}))
    assert tags["n" * 128] == "v" * 256


def test_metadata_is_ascii_whatever_the_manifest_is_called() -> None:
    told = metadata_of(job("manifests/früh/m.json"))
    assert told["manifest"] == "manifests/fr%C3%BCh/m.json"
    assert all(value.isascii() for value in told.values())
