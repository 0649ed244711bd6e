"""A bar per job while one waits; on standard error, so that output stays clean."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from video_pipeline.domain.job import Job, JobState
from video_pipeline_cli import show
from video_pipeline_cli.views import View

MOST_BARS = 30
STEPS = {
    JobState.ACCEPTED: 1,
    JobState.SUBMITTING: 2,
    JobState.SUBMITTED: 3,
    JobState.COMPLETED: 4,
    JobState.ARCHIVED: 5,
    JobState.FAILED: 5,
    JobState.UNCONFIRMED: 5,
}


class Bars:
    """Bars for the first jobs of what is watched, and one for all of them."""

    def __init__(self, *, hidden: bool) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            TextColumn("{task.fields[word]}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=hidden,
        )
        self._bars: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def __call__(self, views: Sequence[View]) -> None:
        jobs = [job for view in views for job in view.jobs]
        for job in jobs[:MOST_BARS]:
            self._move(job.id, escape(job.name), STEPS[job.state], 5, self._word(job))
        ended = sum(STEPS[job.state] == max(STEPS.values()) for job in jobs)
        word = f"{ended:,} of {show.count(len(jobs), 'job')}" if jobs else "waiting to be taken in"
        if len(jobs) != 1:
            self._move("all", "[bold]all[/]", ended, max(1, len(jobs)), word)
        elif "all" in self._bars:
            self._progress.update(self._bars["all"], visible=False)

    def _word(self, job: Job) -> str:
        return show.state(job.state.value) + (f" {job.reason}" if job.state == "failed" else "")

    def _move(self, key: str, name: str, done: int, total: int, word: str) -> None:
        if key not in self._bars:
            self._bars[key] = self._progress.add_task(name, total=total, word=word)
        self._progress.update(self._bars[key], completed=done, total=total, word=word)
