"""Jobs and drops as the ledger holds them now."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from video_pipeline.domain.credits import to_credits
from video_pipeline.domain.drop import Drop, DropState
from video_pipeline.domain.identity import MANIFESTS, receipt_key
from video_pipeline.domain.job import RESTS, Charged, Job, JobState
from video_pipeline.domain.reasons import NEXT_STEPS
from video_pipeline_cli.answer import DONE, FAILED, RUNNING, WRONG_USAGE, CommandError, Document
from video_pipeline_cli.target import Target

JOB_ID, DROP_ID = re.compile(r"[0-9a-f]{32}"), re.compile(r"[0-9a-f]{16}")
LINK_SECONDS = 3600
PAUSE = 1.0
JOBS_PER_SECOND = 500  # looked at while waiting, so that large drops cost few reads


@dataclass(frozen=True)
class View:
    """What an id names: a drop with its jobs, one job, or nothing that is known yet."""

    id: str
    drop: Drop | None = None
    jobs: tuple[Job, ...] = ()

    @property
    def is_known(self) -> bool:
        return self.drop is not None or bool(self.jobs)

    def joined(self, job: Job) -> bool:
        """Say whether an earlier drop had bought a job, so that this one spends nothing on it."""
        return self.drop is not None and job.version_id != self.drop.version_id

    @property
    def is_over(self) -> bool:
        if self.drop is not None:
            return self.drop.state is not DropState.ACCEPTED
        return bool(self.jobs) and all(job.state in RESTS for job in self.jobs)


def look(target: Target, name: str) -> View:
    """Look up a job's id, a drop's id, or the newest drop of a manifest's key."""
    if JOB_ID.fullmatch(name):
        job = target.ledger.job(name)
        return View(name, None, (job,) if job else ())
    if name.startswith(MANIFESTS):
        name = _newest_drop(target, name)
    if not DROP_ID.fullmatch(name):
        raise CommandError(
            f"{name} is no id: a job's has 32 hex digits, a drop's 16. "
            "A manifest's key (manifests/...) will do as well.",
            WRONG_USAGE,
        )
    drop = target.drops.drop(name)
    return View(name, drop, target.drops.jobs_of(name) if drop else ())


def _newest_drop(target: Target, key: str) -> str:
    try:
        found = target.s3.get_object(Bucket=target.intake_bucket, Key=receipt_key(key))
    except target.s3.exceptions.NoSuchKey as error:
        raise CommandError(f"Nothing is known of {key} yet: it has no receipt.", RUNNING) from error
    drop_id: str = json.loads(found["Body"].read())["drop_id"]
    return drop_id


def follow(
    target: Target,
    names: Sequence[str],
    show: Callable[[Sequence[View]], None],
    give_up: datetime | None,
) -> list[View]:
    """Look again and again until all is over or the time is up."""
    while True:
        views = [look(target, name) for name in names]
        show(views)
        late = give_up is not None and target.clock.now() >= give_up
        if late or all(view.is_over for view in views):
            return views
        target.sleep(PAUSE + sum(len(view.jobs) for view in views) / JOBS_PER_SECOND)


def code_of(views: Sequence[View]) -> int:
    """Return the exit code; a job that failed counts once nothing runs any more."""
    states = {job.state for view in views for job in view.jobs}
    if not all(view.is_over for view in views):
        return RUNNING
    refused = any(view.drop and view.drop.state is DropState.REJECTED for view in views)
    if refused or JobState.FAILED in states:
        return FAILED
    return RUNNING if JobState.UNCONFIRMED in states else DONE


def view_document(view: View, target: Target) -> Document:
    drop = view.drop
    state = drop.state.value if drop else "unknown"
    if drop is None and view.jobs:
        state = view.jobs[0].state.value
    return {
        "id": view.id,
        "manifest": drop.key if drop else view.jobs[0].manifest_key if view.jobs else None,
        "version_id": drop.version_id if drop else None,
        "state": state,
        "over": view.is_over,
        "problems": [asdict(problem) for problem in drop.problems] if drop else [],
        "jobs": [
            {**job_document(job, target), "bought_by_this_drop": not view.joined(job)}
            for job in view.jobs
        ],
    }


def job_document(job: Job, target: Target) -> Document:
    charge = None if job.charge is None else to_credits(job.charge)
    age = target.clock.now() - job.created_at
    return {
        "id": job.id,
        "name": job.name,
        "manifest": job.manifest_key,
        "state": job.state.value,
        "since": job.state_since.isoformat(),
        "age_seconds": round(age.total_seconds()),
        "attempt": job.attempt,
        "reason": job.reason,
        "message": job.message,
        "charged": charged(job),
        "credits": charge,
        "credits_reserved": to_credits(job.reserved),
        "task_id": job.task_id,
        "bucket": job.video.bucket if job.video else None,
        "key": job.video.key if job.video else None,
        "video_version_id": job.video.version_id if job.video else None,
        "link": link(job, target),
        "next_step": NEXT_STEPS.get(job.reason or ""),
    }


def charged(job: Job) -> str:
    """Say whether money is known to have gone; until the first paid call it has not."""
    if job.charged is not None:
        return job.charged.value
    return Charged.NO.value if job.called_at is None else Charged.UNKNOWN.value


def link(job: Job, target: Target) -> str | None:
    """Return a link to the archived video that works for an hour without credentials."""
    if job.video is None:
        return None
    place = {"Bucket": job.video.bucket, "Key": job.video.key, "VersionId": job.video.version_id}
    return target.s3.generate_presigned_url("get_object", Params=place, ExpiresIn=LINK_SECONDS)
