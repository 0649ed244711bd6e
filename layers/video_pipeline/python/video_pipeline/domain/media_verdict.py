"""What becomes of a job whose references were looked at and not all found fit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from video_pipeline.domain import moves
from video_pipeline.domain.job import Charged, Job
from video_pipeline.domain.moves import Move
from video_pipeline.domain.policy import Policy
from video_pipeline.domain.problem import Problem


def due_for_media(
    job: Job,
    problems: Sequence[Problem],
    missing: Sequence[Problem],
    now: datetime,
    policy: Policy,
) -> Move | None:
    """Return the move that is due, None when all are fit; what may still come is waited for."""
    if problems:
        return _refused(job, (*problems, *missing), now)
    if not missing:
        return None
    since = job.waiting_since or now
    if now - since < policy.reference_patience:
        return _postponed(job, missing, since, now, policy)
    minutes = policy.reference_patience.total_seconds() / 60
    waited = f"It was waited for {minutes:g} minutes."
    return _refused(job, [replace(one, message=f"{one.message} {waited}") for one in missing], now)


def _postponed(
    job: Job, missing: Sequence[Problem], since: datetime, now: datetime, policy: Policy
) -> Move:
    """Look again after as long as was waited so far, so that the looks grow rarer."""
    wait = max(policy.reference_wait, min(now - since, policy.longest_reference_wait))
    end = since + policy.reference_patience
    not_before = min(now + wait, end, job.deadline or end)
    names = ", ".join(problem.value or problem.path for problem in missing)
    return moves.postponed(job, now, not_before, f"not there yet: {names}")


def _refused(job: Job, problems: Sequence[Problem], now: datetime) -> Move:
    message = " ".join(map(_told, problems))
    return moves.failed(job, now, reason="invalid_media", message=message, charged=Charged.NO)


def _told(problem: Problem) -> str:
    named = f"{problem.path} ({problem.value})" if problem.value else problem.path
    return f"{named}: {problem.message}"
