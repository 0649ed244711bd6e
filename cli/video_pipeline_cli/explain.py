from datetime import datetime, timedelta

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from video_pipeline.domain.control import PAUSES, Control
from video_pipeline.domain.credits import to_credits
from video_pipeline.domain.job import Job, JobState
from video_pipeline.domain.next_step import (
    ArchiveVideo,
    Await,
    Done,
    Later,
    Publish,
    Step,
    Submit,
    due_move,
    next_step,
)
from video_pipeline.domain.reasons import NEXT_STEPS
from video_pipeline_cli import show
from video_pipeline_cli.answer import RUNNING, WRONG_USAGE, Answer, CommandError, Document
from video_pipeline_cli.status import parts_of
from video_pipeline_cli.target import Target
from video_pipeline_cli.views import View, charged, code_of, job_document, look


def explain(target: Target, name: str) -> Answer:
    """Tell the story of one job; a drop's or manifest's name will do when it has one job."""
    view = look(target, name)
    if len(view.jobs) > 1:
        raise CommandError(
            f"{name} has {len(view.jobs)} jobs; explain one of them: "
            f"`video-pipeline status {view.id}` lists their ids.",
            WRONG_USAGE,
        )
    if not view.jobs:
        return Answer({"id": name, "state": "unknown"}, RUNNING, tuple(parts_of(target, view)))
    (job,) = view.jobs
    now = target.clock.now()
    after = what_next(job, now, target)
    document = {
        "job": job_document(job, target),
        "story": [_moment(*moment) for moment in _story(job)],
        "paid": _paid(job),
        "next": after,
    }
    parts = (*_head(job, now), _table(job), "", *_money(job), f"[bold]next:[/] {escape(after)}")
    return Answer(document, code_of([View(job.id, None, (job,))]), parts)


def what_next(job: Job, now: datetime, target: Target) -> str:
    """Say in words what the wheel would do with this job now."""
    control = target.account.control()
    due = due_move(job, None, now, target.policy)
    if due is not None:
        return f"Due now: it becomes {due.after.state}, because {due.after.trail[-1].cause}."
    hold = control.hold(now)
    if job.state is JobState.ACCEPTED and hold is not None:
        return _held(control, hold)
    return _words(job, next_step(job, now, hold, target.policy), now)


def _held(control: Control, hold: timedelta) -> str:
    if control.paused is None:
        return f"The provider asked every caller to wait; it is asked again in {show.span(hold)}."
    message = str(control.message or "no reason given").rstrip(".")
    return f"Every submission is paused ({control.paused}): {message}. {PAUSES[control.paused]}"


def _words(job: Job, step: Step, now: datetime) -> str:
    match step:
        case Submit(attempt=attempt):
            return f"The paid call of attempt {attempt} is made as soon as a worker is free."
        case Await():
            return (
                f"It waits for the provider's callback about task {job.task_id}, "
                "and asks the provider itself from time to time."
            )
        case Later(seconds=seconds):
            again = now + timedelta(seconds=seconds)
            return f"{_WAITS[job.state]} It is looked at again at {show.clock(again)} UTC."
        case ArchiveVideo():
            return "The video is copied into the archive now."
        case Publish():
            return "Its event is told on the bus, then its receipt is written."
        case Done():
            return NEXT_STEPS.get(job.reason or "", "Nothing: the job is over.")


_WAITS = {
    JobState.ACCEPTED: "It waits before the next attempt.",
    JobState.SUBMITTING: "The paid call is under way.",
    JobState.COMPLETED: "The last copy failed; the next try waits.",
}


def _story(job: Job) -> list[tuple[datetime, str, int, str]]:
    beginning = (job.created_at, "accepted", 1, f"{job.manifest_key} was dropped")
    told = [
        (datetime.fromisoformat(each.at), each.state, each.attempt, each.cause)
        for each in job.trail
    ]
    return [beginning, *told]


def _moment(at: datetime, state: str, attempt: int, cause: str) -> Document:
    return {"at": at.isoformat(), "state": state, "attempt": attempt, "cause": cause}


def _paid(job: Job) -> Document:
    return {
        "charged": charged(job),
        "credits": None if job.charge is None else to_credits(job.charge),
        "usd": None if job.charge is None else show.usd(job.charge),
        "estimate": None if job.estimate is None else to_credits(job.estimate),
        "reserved": to_credits(job.reserved),
        "day": job.reserved_day,
    }


def _head(job: Job, now: datetime) -> list[RenderableType]:
    name = f"[bold]{escape(job.name)}[/]  {show.state(job.state.value)}  [dim]{job.id}[/]"
    task = f"task {job.task_id}" if job.task_id else "no task at the provider"
    place = f"{job.manifest_key}, dropped {show.span(now - job.created_at)} ago, {task}"
    return [name, f"[dim]{escape(place)}[/]", ""]


def _table(job: Job) -> Table:
    table = show.table("time (UTC)", "after", "state", "try", "cause", right=("after",))
    before = job.created_at
    for at, state, attempt, cause in _story(job):
        after = show.span(at - before)
        table.add_row(show.clock(at), after, show.state(state), str(attempt), escape(cause))
        before = at
    return table


def _money(job: Job) -> list[str]:
    if job.charge is not None:
        spent = f"{show.credit_text(job.charge)} credits, {show.usd(job.charge):.2f} USD"
        return [f"[bold]paid:[/] {spent} (charged: {charged(job)})"]
    if job.reserved:
        held = f"{show.credit_text(job.reserved)} credits reserved on {job.reserved_day}"
        return [f"[bold]paid:[/] {held} (charged: {charged(job)})"]
    return [f"[bold]paid:[/] nothing so far (charged: {charged(job)})"]
