"""What a job's events hold, and what they never do."""

import json
import shlex
from dataclasses import replace

import pytest

from tests.unit.domain.jobs import COMPLETED, NOW, SUBMITTED
from video_pipeline.domain import moves
from video_pipeline.domain.events import Event, without_secrets
from video_pipeline.domain.job import ArchivedVideo, Charged, Job
from video_pipeline.domain.request import VideoRequest

VIDEO = ArchivedVideo(
    bucket="archive",
    key="videos/a/m/tea/video.mp4",
    version_id="v7",
    size=4_000_000,
    sha256="0" * 64,
    seconds=5.0,
    width=1280,
    height=720,
    has_audio=True,
)
SECRET_LINK = "https://user:word@files.test/a/task.mp4?X-Signature=abc"
ENTRIES_OF_A_STEP = 10
LARGEST_STATE = 256 * 1024  # of Step Functions, and of one PutEvents call


def told(move: moves.Move) -> Event:
    assert move.event is not None
    return move.event


def failed(job: Job, message: str) -> Event:
    charged = Charged.NO
    return told(moves.failed(job, NOW, reason="moderation", message=message, charged=charged))


def test_a_link_is_told_by_its_host_alone() -> None:
    assert without_secrets(f"Could not copy {SECRET_LINK}") == "Could not copy [link to files.test]"


def test_a_key_that_a_refusal_repeats_is_not_told() -> None:
    assert without_secrets("Wrong API key: sk-abcdef.") == "Wrong API key: [key]."


def test_what_the_provider_says_is_told_without_the_prompt() -> None:
    job = replace(SUBMITTED, request=VideoRequest(prompt="a fox in the snow"))
    event = failed(job, "content_filter: 'a fox in the snow' is not allowed")
    assert event.detail["message"] == "content_filter: '…' is not allowed"


def test_a_prompt_too_short_to_be_found_leaves_the_message_whole() -> None:
    assert without_secrets("a short word", "a") == "a short word"


def test_a_long_message_is_cut() -> None:
    told_text = failed(SUBMITTED, "x" * 5000).detail["message"]
    assert len(told_text) == 500
    assert told_text.endswith("…")


def test_an_event_holds_neither_request_nor_link_nor_token() -> None:
    job = replace(
        COMPLETED,
        request=VideoRequest(prompt="a fox in the snow"),
        link=SECRET_LINK,
        token="a task token",
        archive_trouble=SECRET_LINK,
    )
    moves_that_tell = [
        moves.archived(job, VIDEO, NOW),
        moves.at_risk(job, NOW),
        moves.failed(job, NOW, reason="link_expired", message=SECRET_LINK, charged=Charged.YES),
    ]
    for move in moves_that_tell:
        text = json.dumps(told(move).detail, ensure_ascii=False)
        for secret in ("X-Signature", "user:word", "a task token", job.request.prompt):
            assert secret not in text


def test_each_stage_has_its_time_and_what_has_not_begun_has_none() -> None:
    event = failed(SUBMITTED, "why")
    times = event.detail["times"]
    assert times["accepted"] <= times["called"] <= times["submitted"] <= times["ended"]
    assert times["completed"] is None
    assert times["link_expires"] is None


@pytest.mark.parametrize("key", ["videos/it's here/video.mp4", "videos/a b/$(rm)/video.mp4"])
def test_the_command_for_a_link_is_safe_whatever_the_key_is(key: str) -> None:
    video = told(moves.archived(COMPLETED, replace(VIDEO, key=key), NOW)).detail["video"]
    words = shlex.split(video["link_command"])
    assert words == ["aws", "s3", "presign", f"s3://{VIDEO.bucket}/{key}", "--expires-in", "3600"]


def test_ten_of_the_largest_events_fit_into_one_step() -> None:
    """A key has at most 1,024 bytes, metadata 4 KB; nothing else of an event can grow."""
    wide = "é" * 500
    job = replace(
        COMPLETED,
        name=wide[:100],
        manifest_key=f"manifests/{wide}.json",
        folder=f"videos/{wide}",
        metadata={f"key-{number}": "é" * 100 for number in range(20)},
    )
    video = replace(VIDEO, key=f"{job.folder}/video.mp4")
    entry = json.dumps(told(moves.archived(job, video, NOW)).entry("bus"), ensure_ascii=False)
    assert len(entry.encode()) * ENTRIES_OF_A_STEP < LARGEST_STATE
