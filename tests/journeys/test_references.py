"""References on the real stack: what is not there yet, and what is not fit."""

from pathlib import Path

import pytest

from tests.journeys.traveller import Traveller, wait_for

pytestmark = pytest.mark.stack


def test_a_reference_may_arrive_after_its_manifest(traveller: Traveller, tmp_path: Path) -> None:
    key, prompt = "manifests/late/m.json", "a late cup"
    traveller.drop(key, {"prompt": prompt, "image_urls": ["cup.png"], "duration": 4})
    job_id = traveller.job_of(key)
    wait_for(lambda: traveller.job(job_id).get("waiting_since"), "the job to wait")
    assert traveller.job(job_id)["state"] == "accepted"
    assert traveller.tasks(prompt) == []
    traveller.lay_picture("manifests/late/cup.png", "#2050c0", tmp_path)
    assert traveller.ended(key)["jobs"][0]["state"] == "archived"
    assert len(traveller.tasks(prompt)) == 1
