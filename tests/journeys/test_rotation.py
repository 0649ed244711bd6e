"""The callback key is changed while a job is under way, and its ring is heard."""

from pathlib import Path

import pytest

from tests.journeys.traveller import Traveller, wait_for
from video_pipeline.domain.capability import key_id_of

pytestmark = pytest.mark.stack

NEW = "the new callback key of this test"


def test_a_ring_under_the_old_callback_key_is_heard_after_the_change(
    traveller: Traveller, tmp_path: Path
) -> None:
    key, prompt = "manifests/keys/callback.json", "rung under the old key"
    traveller.lay_picture("manifests/keys/cup.png", "#2050c0", tmp_path)
    request = {"prompt": prompt, "image_urls": ["cup.png"], "duration": 4, "quality": "480p"}
    traveller.drop(key, request)
    job_id = traveller.job_of(key)
    wait_for(lambda: traveller.tasks(prompt), "the task")
    secrets, name = traveller.stack.clients().secrets(), traveller.output("CallbackSecretArn")
    secrets.put_secret_value(SecretId=name, SecretString=NEW)
    assert traveller.ended(key)["jobs"][0]["state"] == "archived"
    (task,) = traveller.tasks(prompt)
    (callback, *_) = wait_for(lambda: traveller.callbacks(task["id"]), "the callback")
    assert key_id_of(NEW) not in callback["url"]
    wait_for(lambda: int(traveller.job(job_id)["rings"]) >= 1, "the ring")
