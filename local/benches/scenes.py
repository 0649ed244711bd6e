"""What each function is given in the benches: its event, and the job that the ledger holds."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from benches.stand_in import MEDIA, SECRET
from local_stack.places import PROJECT
from video_pipeline.adapters.ledger.items import job_item
from video_pipeline.domain.capability import grant
from video_pipeline.domain.job import Job, JobState
from video_pipeline.domain.request import VideoRequest

Event = Mapping[str, Any]
JOB_ID = "fc40f556e4820f5a3360c22a034f0f98"
MANIFEST = {"name": "tea", "prompt": "The bottle in image 1", "image_urls": ["bottle.png"]}
FUNCTIONS = sorted(path.parent.name for path in PROJECT.glob("functions/*/handler.py"))
CLIENTS = {
    "advance_job": ["dynamodb", "secretsmanager", "stepfunctions"],
    "archive_video": ["dynamodb", "s3"],
    "bury_job": ["s3", "stepfunctions"],
    "bury_manifest": ["dynamodb", "events", "s3", "stepfunctions"],
    "continue_run": ["dynamodb", "stepfunctions"],
    "measure": ["dynamodb"],
    "receive_callback": ["dynamodb", "secretsmanager", "stepfunctions"],
    "reconcile": ["dynamodb", "stepfunctions"],
    "submit_job": ["dynamodb", "secretsmanager", "stepfunctions"],
    "submit_manifest": ["dynamodb", "events", "s3", "stepfunctions"],
}
"""What each function makes on its way to the first answer, or to the first media."""


@dataclass(frozen=True)
class Scene:
    function: str
    event: Event
    job: Job

    @property
    def item(self) -> Mapping[str, Any]:
        return job_item(self.job)


def scene(function: str, origin: str) -> Scene:
    job = job_of(function, origin)
    return Scene(function, event_of(function), job)


def event_of(function: str) -> Event:
    if function == "receive_callback":
        return ring()
    path = PROJECT / "events" / "triggers" / f"{function}.json"
    event: Event = json.loads(path.read_text("utf-8"))
    return event


def ring() -> Event:
    """A callback whose capability is genuine, as the provider sends it."""
    capability = grant(SECRET, JOB_ID, 1)
    parts = {
        "job_id": capability.job_id,
        "attempt": str(capability.attempt),
        "key_id": capability.key_id,
        "proof": capability.proof,
    }
    path = capability.path
    return {
        "version": "2.0",
        "routeKey": "POST /callbacks/{job_id}/{attempt}/{key_id}/{proof}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json"},
        "requestContext": {
            "http": {"method": "POST", "path": path, "sourceIp": "203.0.113.7"},
            "requestId": "JKJaXmPLvHcESHA=",
            "stage": "$default",
        },
        "pathParameters": parts,
        "body": json.dumps({"id": "task-unified-1", "status": "completed"}),
        "isBase64Encoded": False,
    }


def job_of(function: str, origin: str) -> Job:
    """Return the job as this function meets it on its usual way."""
    now = datetime.now(UTC)
    accepted = Job(
        id=JOB_ID,
        bucket="intake-bucket",
        manifest_key="manifests/spring/tea.json",
        version_id="v1",
        name="tea",
        folder="videos/spring/tea/tea",
        request=VideoRequest(MANIFEST_PROMPT, image_urls=(f"{origin}{MEDIA}bottle.png",)),
        created_at=now,
        state_since=now,
        metadata={"campaign": "spring"},
        drops=frozenset({"drop-1"}),
        open_run=1,
        last_run=1,
    )
    if function == "submit_job":
        return accepted
    submitted = replace(
        accepted,
        state=JobState.SUBMITTED,
        revision=2,
        sequence=1,
        published=1,
        task_id="task-unified-1",
        submitted_at=now,
        called_at=now,
        call_id="call",
        reserved=135_000,
        estimate=135_000,
        reserved_day=now.date().isoformat(),
        token="token",  # noqa: S106 - of a run that waits
        token_run=1,
    )
    if function != "archive_video":
        return submitted
    return replace(
        submitted,
        state=JobState.COMPLETED,
        completed_at=now,
        archive_tries=1,
        link=f"{origin}{MEDIA}video.mp4",
        link_expires_at=now + timedelta(hours=24),
    )


MANIFEST_PROMPT = str(MANIFEST["prompt"])
