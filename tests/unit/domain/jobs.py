"""Jobs in each state, for tables of cases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from video_pipeline.domain.job import Job, JobState
from video_pipeline.domain.request import MODEL, VideoRequest
from video_pipeline.domain.task import Task, TaskStatus

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

ACCEPTED = Job(
    id="0123456789abcdef0123456789abcdef",
    bucket="intake",
    manifest_key="manifests/a/m.json",
    version_id="v1",
    name="tea",
    folder="videos/a/m/tea",
    request=VideoRequest(prompt="tea", image_urls=("https://example.com/a.png",)),
    created_at=NOW,
    state_since=NOW,
    metadata={"campaign": "spring"},
    drops=frozenset({"drop-1"}),
    open_run=1,
    last_run=1,
)
SUBMITTING = replace(
    ACCEPTED,
    state=JobState.SUBMITTING,
    revision=1,
    call_id="call",
    called_at=NOW,
    lease_until=NOW + timedelta(minutes=2),
    reserved=135_000,
    estimate=135_000,
    reserved_day="2026-11-24",
)
SUBMITTED = replace(
    SUBMITTING,
    state=JobState.SUBMITTED,
    revision=2,
    sequence=1,
    published=1,
    task_id="task-unified-1",
    submitted_at=NOW,
)
COMPLETED = replace(
    SUBMITTED,
    state=JobState.COMPLETED,
    revision=3,
    completed_at=NOW,
    link="https://files.test/1.mp4",
    link_expires_at=NOW + timedelta(hours=24),
    provider_charge=130_000,
)
ARCHIVED = replace(COMPLETED, state=JobState.ARCHIVED, sequence=2, published=2)
FAILED = replace(SUBMITTED, state=JobState.FAILED, sequence=2, published=2)
UNCONFIRMED = replace(SUBMITTING, state=JobState.UNCONFIRMED, sequence=1, published=1)


def task(status: TaskStatus = TaskStatus.RUNNING, **more: Any) -> Task:
    return Task("task-unified-1", status, MODEL, int(NOW.timestamp()), **more)
