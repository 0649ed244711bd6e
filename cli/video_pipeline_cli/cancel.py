from video_pipeline.domain import moves
from video_pipeline.domain.errors import StaleMoveError
from video_pipeline.domain.job import Charged, Job, JobState
from video_pipeline_cli import show
from video_pipeline_cli.answer import DONE, FAILED, RUNNING, WRONG_USAGE, Answer, CommandError
from video_pipeline_cli.target import Target
from video_pipeline_cli.views import JOB_ID, job_document

TRIES = 5
CANCELLED = "cancelled"


def cancel(target: Target, job_id: str) -> Answer:
    """End a job unpaid, on the condition that no paid call begins meanwhile."""
    if not JOB_ID.fullmatch(job_id):
        raise CommandError(f"{job_id} is no job's id, which has 32 hex digits.", WRONG_USAGE)
    for _ in range(TRIES):
        job = target.ledger.job(job_id)
        if job is None:
            raise CommandError(f"No job {job_id} is known to the stack {target.name}.", RUNNING)
        if job.state is not JobState.ACCEPTED:
            return _too_late(target, job)
        try:
            return _cancelled(target, target.ledger.commit(_move(target, job)))
        except StaleMoveError:
            continue
    raise CommandError(f"Job {job_id} is being moved again and again; try once more.")


def _move(target: Target, job: Job) -> moves.Move:
    return moves.failed(
        job,
        target.clock.now(),
        reason=CANCELLED,
        message="Cancelled by a person before payment.",
        charged=Charged.NO,
    )


def _cancelled(target: Target, job: Job) -> Answer:
    document = {"cancelled": True, "why": None, "job": job_document(job, target)}
    told = "Nothing was paid; event and receipt follow when its run looks again."
    return Answer(document, DONE, (f"[green]{job.id} is cancelled.[/] {told}",))


def _too_late(target: Target, job: Job) -> Answer:
    document = {"cancelled": False, "why": why(job), "job": job_document(job, target)}
    if job.reason == CANCELLED:
        return Answer({**document, "cancelled": True}, DONE, (why(job),))
    return Answer(document, FAILED, (f"[red]{job.id} cannot be cancelled.[/] {why(job)}",))


def why(job: Job) -> str:
    """Say what stands in the way, and what becomes of the money."""
    reserved = f"{show.credit_text(job.reserved)} credits"
    match job.state:
        case JobState.SUBMITTING:
            return f"Its paid call has begun; {reserved} are reserved and the charge may stand."
        case JobState.UNCONFIRMED:
            return f"Nobody knows whether its call was paid; {reserved} stay reserved."
        case JobState.SUBMITTED | JobState.COMPLETED:
            return (
                f"The provider works on task {job.task_id} and offers no way to cancel it; "
                f"the charge of about {reserved} stands."
            )
        case JobState.ARCHIVED:
            charge = show.credit_text(job.charge)
            return f"It is over: archived; the charge of {charge} credits stands."
        case _ if job.reason == CANCELLED:
            return "It was cancelled already; nothing was paid."
        case _:
            paid = f"{show.credit_text(job.charge)} credits (charged: {job.charged})"
            return f"It is over: failed ({job.reason}); paid: {paid}."
