"""Whether a job at rest may be taken up again, decided by what could be paid twice."""

from dataclasses import dataclass
from datetime import datetime

from video_pipeline.domain import moves
from video_pipeline.domain.claims import SETTLED, is_settled
from video_pipeline.domain.job import RESTS, Charged, Job, JobState
from video_pipeline.domain.moves import Move

MOST_DROPS = 50  # of one job, because all of them are opened again in one transaction


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants of a redrive.

    `forced` names the jobs that may be paid again although they are or may be charged;
    a `deadline` takes the place of a job's own, and so does its absence if `any_time`.
    """

    forced: frozenset[str] = frozenset()
    deadline: datetime | None = None
    any_time: bool = False

    def deadline_of(self, job: Job) -> datetime | None:
        return self.deadline if self.deadline or self.any_time else job.deadline


def redriven(job: Job, drops: frozenset[str], wish: Wish, now: datetime) -> Move | str:
    """Return the move that begins the next attempt, or why there is none.

    `drops` are those of the job that the ledger still remembers.
    """
    refusal = _refusal(job, drops, wish, now)
    return refusal or moves.reopened(job, now, drops, wish.deadline_of(job))


def _refusal(job: Job, drops: frozenset[str], wish: Wish, now: datetime) -> str | None:
    deadline = wish.deadline_of(job)
    if job.state is JobState.ARCHIVED:
        return "Its video lies in the archive; drop it with `rerun: true` to buy another."
    if job.state not in RESTS:
        return f"It is under way: {job.state}."
    if job.charged is not Charged.NO and job.id not in wish.forced:
        return _may_be_paid_twice(job, now)
    if deadline is not None and deadline <= now:
        return (
            f"Its deadline {deadline.isoformat()} has passed; give another with --deadline, "
            "or none with --no-deadline."
        )
    if len(drops) > MOST_DROPS:
        return f"{len(drops)} drops asked for it; drop it again in a manifest of its own."
    return None


def _may_be_paid_twice(job: Job, now: datetime) -> str:
    is_charged = "was charged" if job.charged is Charged.YES else "may have been charged"
    why = f"It {is_charged}, and another attempt would be charged too."
    if job.state is JobState.UNCONFIRMED and not is_settled(job, now):
        why += f" Its task may still be found: redrive it once more in {_WAIT} minutes."
    return f"{why} To pay again, say --force {job.id}."


_WAIT = int(SETTLED.total_seconds() // 60) + 5
