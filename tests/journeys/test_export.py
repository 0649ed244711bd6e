"""A support case of a real job: whole, and fit to leave the house."""

import json
from pathlib import Path

import pytest

from tests.journeys.traveller import Traveller
from video_pipeline_cli.export import export
from video_pipeline_cli.target import open_target

pytestmark = pytest.mark.stack


def test_an_export_holds_every_piece_of_the_story_and_no_secret(
    traveller: Traveller, tmp_path: Path
) -> None:
    key, prompt = "manifests/case/m.json", "a planted prompt about image 1"
    traveller.lay_picture("manifests/case/cup.png", "#2050c0", tmp_path)
    traveller.drop(key, {"prompt": prompt, "image_urls": ["cup.png"], "duration": 4})
    (job,) = traveller.ended(key)["jobs"]
    document = export(open_target(None, traveller.folder.stack_file), job["id"]).document
    pieces = ("stack", "ledger", "receipts", "archive", "runs", "provider", "log")
    assert [name for name in pieces if "could_not_be_asked" in document[name]] == []
    assert document["stack"]["version"] == document["stack"]["command"]
    assert document["runs"][0]["history"][0]["type"] == "ExecutionStarted"
    assert document["provider"]["task"]["status"] == "completed"
    assert {"ring", "turn"} <= {line["message"] for line in document["log"]}
    text = json.dumps(document)
    (task,) = traveller.tasks(prompt)
    callback = traveller.callbacks(task["id"])[0]["url"]
    for secret in (prompt, traveller.stack.provider_api_key, callback.rpartition("/")[2]):
        assert secret not in text
    assert "X-Amz-" not in text
    assert "http" not in text.replace("HTTP", "")
