"""Whose invocation it is can be read from every trigger's sample."""

import json
from pathlib import Path

import pytest

from crash_proof.inside.subject import function_in, subject_of

TRIGGERS = Path("events/triggers")


@pytest.mark.parametrize("sample", sorted(TRIGGERS.glob("*.json")), ids=lambda path: path.stem)
def test_each_sample_event_but_a_schedule_names_a_job_or_a_manifest(sample: Path) -> None:
    event = json.loads(sample.read_text())
    assert (subject_of(event) == "") == (event.get("detail-type") == "Scheduled Event")


def test_a_job_is_found_in_a_message_and_a_manifest_in_a_notification() -> None:
    job = "0" * 31 + "a"
    order = {
        "Records": [{"body": json.dumps({"job_id": job, "token": "t"}), "md5OfBody": "f" * 32}]
    }
    assert subject_of(order) == job
    note = {"detail": {"object": {"key": "manifests/a/b.json"}}}
    assert subject_of({"Records": [{"body": json.dumps(note)}]}) == "manifests/a/b.json"


def test_a_run_and_a_ring_name_their_job() -> None:
    job = "0123456789abcdef" * 2
    assert subject_of({"detail": {"name": f"{job}-12"}}) == job
    assert subject_of({"rawPath": f"/callbacks/{job}/1/k/p"}) == job


def test_a_function_goes_by_the_name_of_its_folder() -> None:
    assert function_in("video-pipeline-AdvanceJobFunction-4F") == "advance_job"
