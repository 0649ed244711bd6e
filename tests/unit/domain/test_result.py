"""The document beside a video: what was asked and sent, without what must stay secret."""

from dataclasses import replace

from tests.unit.domain.jobs import COMPLETED, NOW
from video_pipeline.domain import moves
from video_pipeline.domain.job import ArchivedVideo, Job
from video_pipeline.domain.media import MediaFacts, Reference, VideoFacts
from video_pipeline.domain.result import Result, StoredFile, result

VIDEO = ArchivedVideo("archive", "k", "v2", 9, "ab", 5.0, 1280, 720, True, "crc", "v1")
POSTER: StoredFile = {
    "bucket": "archive",
    "key": "p",
    "version_id": "v1",
    "bytes": 1,
    "sha256": "cd",
    "crc32": "crc",
}
FACTS = VideoFacts(5.0, 1280, 720, "h264", "aac", 24.0)
SIGNED = "https://media.example/a.png?X-Amz-Signature=secret#part"


def told(job: Job) -> Result:
    return result(job, moves.archived(job, VIDEO, NOW).after, POSTER, FACTS, ["a remark"])


def test_what_follows_the_question_mark_of_a_link_is_left_out() -> None:
    job = replace(
        COMPLETED,
        request=replace(COMPLETED.request, image_urls=(SIGNED, "s3://b/k?y")),
        references=(Reference("image_urls", 0, SIGNED, 7, MediaFacts("png", 10, 20), etag="e"),),
        link="https://files.test/v.mp4?token=secret",
    )
    document = told(job)
    assert "secret" not in str(document)
    assert document["request"]["image_urls"] == ["https://media.example/a.png", "s3://b/k?y"]
    (reference,) = document["references"]
    assert (reference["source"], reference["bytes"]) == ("https://media.example/a.png", 7)
    assert (reference["width"], reference["etag"]) == (10, "e")


def test_what_was_held_is_told_beside_what_was_charged() -> None:
    document = told(replace(COMPLETED, reserved=135_000, provider_charge=130_000))
    held = document["credits"]
    assert (held["reserved"], held["charged"], held["told_by"]) == (13.5, 13.0, "provider")


def test_the_version_that_lay_there_before_is_named() -> None:
    assert told(COMPLETED)["video"]["replaces_version_id"] == "v1"


def test_every_move_up_to_the_last_is_told() -> None:
    assert told(COMPLETED)["stages"][-1]["state"] == "archived"
