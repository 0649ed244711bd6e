"""A new user at a terminal."""

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.journeys.terminal import run
from tests.journeys.traveller import Traveller

pytestmark = pytest.mark.stack


def test_a_manifest_goes_from_the_terminal_to_the_video_on_the_users_disk(
    traveller: Traveller, tmp_path: Path
) -> None:
    Image.new("RGB", (640, 480), "#108040").save(tmp_path / "leaf.png")
    request = {"prompt": "image 1 is a leaf", "image_urls": ["leaf.png"]}
    manifest = tmp_path / "leaf.json"
    manifest.write_text(json.dumps({**request, "name": "leaf", "duration": 4, "quality": "480p"}))

    code, checked = run(traveller, "validate", manifest)
    assert (code, checked["valid"]) == (0, True)
    _, price = run(traveller, "estimate", manifest)

    out = tmp_path / "out"
    words = ("drop", manifest, "--prefix", "terminal", "--wait", "--out", out, "--timeout", 90)
    code, dropped = run(traveller, *words)
    assert code == 0, dropped
    (job,) = dropped["drops"][0]["jobs"]
    assert (job["state"], job["credits"]) == ("archived", price["credits"])
    video, _ = traveller.archived("videos/terminal/leaf/leaf")
    assert (out / "terminal" / "leaf" / "leaf" / "video.mp4").read_bytes() == video

    code, status = run(traveller, "status", "manifests/terminal/leaf.json")
    assert (code, status["state"], status["jobs"][0]["id"]) == (0, "completed", job["id"])
    code, story = run(traveller, "explain", job["id"])
    assert (code, story["story"][-1]["state"]) == (0, "archived")
    code, cancelled = run(traveller, "cancel", job["id"])
    assert (code, cancelled["cancelled"]) == (1, False)
