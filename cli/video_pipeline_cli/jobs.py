from collections import Counter
from collections.abc import Sequence
from itertools import islice

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from video_pipeline.domain.job import Job
from video_pipeline_cli import show
from video_pipeline_cli.answer import DONE, Answer
from video_pipeline_cli.listing import Filter, find_jobs
from video_pipeline_cli.target import Target
from video_pipeline_cli.views import charged, job_document


def jobs(target: Target, wanted: Filter, most: int) -> Answer:
    """List the jobs that fit, the oldest first; `most` bounds how many are read."""
    found = list(islice(find_jobs(target, wanted), most + 1))
    shown = sorted(found[:most], key=lambda job: job.created_at)
    document = {
        "jobs": [{**job_document(job, target), "metadata": dict(job.metadata)} for job in shown],
        "complete": len(found) <= most,
    }
    return Answer(document, DONE, tuple(_screen(target, shown, more=len(found) > most)))


def _screen(target: Target, found: Sequence[Job], *, more: bool) -> list[RenderableType]:
    if not found:
        return ["No job fits."]
    states = Counter(job.state.value for job in found)
    counts = ", ".join(f"{count:,} {show.state(state)}" for state, count in sorted(states.items()))
    end = "; there are more: narrow the filters or raise --limit" if more else ""
    return [_table(target, found), "", f"{show.count(len(found), 'job')}: {counts}{end}"]


def _table(target: Target, found: Sequence[Job]) -> Table:
    table = show.table("manifest", "job", "id", "state", "age", "reason", "charged")
    now = target.clock.now()
    for job in found:
        table.add_row(
            escape(job.manifest_key.removeprefix("manifests/")),
            escape(job.name),
            f"[dim]{job.id}[/]",
            show.state(job.state.value),
            show.span(now - job.created_at),
            job.reason or "-",
            charged(job),
        )
    return table
