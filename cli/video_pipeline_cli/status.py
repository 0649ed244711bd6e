import re
from collections.abc import Iterator, Sequence
from heapq import nlargest

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from video_pipeline.domain.control import Control
from video_pipeline.domain.drop import Drop, DropState
from video_pipeline.domain.job import Job, JobState
from video_pipeline.domain.reasons import NEXT_STEPS
from video_pipeline_cli import account, show
from video_pipeline_cli.answer import DONE, RUNNING, Answer, Document
from video_pipeline_cli.target import Target
from video_pipeline_cli.views import View, charged, code_of, link, look, view_document

_DROP_RECEIPT = re.compile(r"receipts/.+/([0-9a-f]{16})\.json")
MOST_JOBS = 50  # of one drop on a screen; --json has all


def status(target: Target, name: str | None, most: int) -> Answer:
    if name is None:
        return _recent(target, most)
    view = look(target, name)
    return answer_of(target, [view])


def answer_of(target: Target, views: Sequence[View]) -> Answer:
    documents = [view_document(view, target) for view in views]
    document = documents[0] if len(views) == 1 else {"drops": documents}
    parts = tuple(part for view in views for part in parts_of(target, view))
    waiting = any(job.state is JobState.ACCEPTED for view in views for job in view.jobs)
    control = target.account.control() if waiting else Control()
    paused = (account.words(control),) if control.paused else ()
    return Answer(document, code_of(views), (*parts, *paused))


def parts_of(target: Target, view: View) -> Iterator[RenderableType]:
    if not view.is_known:
        yield f"{view.id}: [yellow]unknown[/], the pipeline has not taken it in (yet)."
        return
    if view.drop is not None:
        drop = view.drop
        yield f"[bold]{escape(drop.key)}[/]  {show.state(drop.state.value)}  [dim]{drop.id}[/]"
        word = "error" if drop.state is DropState.REJECTED else "warning"
        yield from show.problems(drop.problems, word)
    if view.jobs:
        yield _jobs_table(target, view)
    yield from _remarks(view.jobs[:MOST_JOBS])
    if len(view.jobs) > MOST_JOBS:
        yield f"[dim]and {len(view.jobs) - MOST_JOBS:,} more; --json has all of them[/]"
    if view.drop is None and view.jobs:
        yield from _place(target, view.jobs[0])


def _jobs_table(target: Target, view: View) -> Table:
    table = show.table("job", "id", "state", "age", "credits", "charged", right=("credits",))
    now = target.clock.now()
    for job in view.jobs[:MOST_JOBS]:
        table.add_row(
            escape(job.name),
            f"[dim]{job.id}[/]",
            show.state(job.state.value),
            show.span((job.state_since if job.is_ended else now) - job.created_at),
            _credits(job),
            "for an earlier drop" if view.joined(job) else charged(job),
        )
    return table


def _credits(job: Job) -> str:
    if job.charge is not None:
        return show.credit_text(job.charge)
    return f"({show.credit_text(job.reserved)})" if job.reserved else "-"


def _remarks(jobs: Sequence[Job]) -> Iterator[str]:
    """Say where videos lie, and of each job that is in trouble what to do."""
    for job in jobs:
        if job.video is not None:
            yield f"[dim]{escape(job.name)}:[/] s3://{job.video.bucket}/{escape(job.video.key)}"
        elif job.reason is not None:
            yield f"{escape(job.name)}: [red]{job.reason}[/] {escape(job.message or '')}"
            yield f"  {NEXT_STEPS.get(job.reason, '')}"


def _place(target: Target, job: Job) -> Iterator[RenderableType]:
    url = link(job, target)
    if url is not None:
        yield "[dim]link, good for an hour:[/]"
        yield Text(url)


def _recent(target: Target, most: int) -> Answer:
    drops = [drop for drop_id in recent_drops(target, most) if (drop := target.drops.drop(drop_id))]
    table = show.table("manifest", "drop", "state", "jobs", "age", right=("jobs",))
    now = target.clock.now()
    for drop in drops:
        age = show.span(now - drop.recorded_at)
        jobs = f"{drop.total - drop.remaining}/{drop.total}"
        table.add_row(
            escape(drop.key), f"[dim]{drop.id}[/]", show.state(drop.state.value), jobs, age
        )
    parts: tuple[RenderableType, ...] = (table,) if drops else ("Nothing was dropped yet.",)
    control = target.account.control()
    document = {"submission": account.document(control)} | {"drops": [_document(d) for d in drops]}
    paused = (account.words(control),) if control.paused else ()
    return Answer(document, DONE, (*paused, *parts))


def recent_drops(target: Target, most: int) -> list[str]:
    """Return the newest drops by their receipts, which every drop has."""
    pages = target.s3.get_paginator("list_objects_v2").paginate(
        Bucket=target.intake_bucket, Prefix="receipts/"
    )
    found = (
        (each["LastModified"], name[1])
        for page in pages
        for each in page.get("Contents", [])
        if (name := _DROP_RECEIPT.fullmatch(each["Key"]))
    )
    return [drop_id for _, drop_id in nlargest(most, found)]


def _document(drop: Drop) -> Document:
    return {
        "id": drop.id,
        "manifest": drop.key,
        "version_id": drop.version_id,
        "state": drop.state.value,
        "recorded_at": drop.recorded_at.isoformat(),
        "jobs": drop.total,
        "ended": drop.total - drop.remaining,
    }


def open_drops(target: Target, most: int) -> list[str]:
    found = ((drop_id, target.drops.drop(drop_id)) for drop_id in recent_drops(target, most))
    return [name for name, drop in found if drop and drop.state is DropState.ACCEPTED]


def nothing_open() -> Answer:
    return Answer({"drops": []}, DONE, ("Nothing is under way.",))


def still_running(answer: Answer) -> Answer:
    if answer.code != RUNNING:
        return answer
    end = "[yellow]Not over yet.[/] Look again with `video-pipeline status ID`."
    return Answer(answer.document, RUNNING, (*answer.parts, end))
