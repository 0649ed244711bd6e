"""Promise and start the jobs of an accepted drop, slice by slice."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from video_pipeline.domain.drop import Drop
from video_pipeline.domain.identity import folder_of
from video_pipeline.domain.job import Job, JobState
from video_pipeline.domain.manifest import JobDraft
from video_pipeline.domain.slices import Page
from video_pipeline.ports import Drops, ManifestSlices, Runs

FIRST_RUN = 1

SideBySide = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""Applies a function to each of many, in order of results, like the built-in `map`."""


@dataclass(frozen=True, slots=True)
class RegisterJobs:
    drops: Drops
    runs: Runs
    side_by_side: SideBySide = map

    def __call__(
        self,
        drop: Drop,
        pages: Sequence[Page],
        slices: ManifestSlices,
        number: int,
        has_time: Callable[[], bool],
    ) -> int | None:
        """Register from a slice on; return the next slice, None when all are done.

        Registering a slice again adds nothing, and starts what a crash left unstarted.
        """
        for following, page in enumerate(pages[number:], start=number + 1):
            self._register(drop, page, slices.at(page.start).jobs)
            if following < len(pages) and not has_time():
                return following
        return None

    def _register(self, drop: Drop, page: Page, drafts: Sequence[JobDraft]) -> None:
        named = zip(page.job_ids, drafts, strict=True)
        promised = (_job(job_id, draft, drop) for job_id, draft in named)
        jobs = self.side_by_side(lambda job: self.drops.add_job(job, drop.id)[0], promised)
        waiting = [
            (job.id, job.open_run)
            for job in jobs
            if job.state is JobState.ACCEPTED and job.open_run is not None
        ]
        for _ in self.side_by_side(lambda run: self.runs.start(*run), waiting):
            pass


def _job(job_id: str, draft: JobDraft, drop: Drop) -> Job:
    return Job(
        id=job_id,
        bucket=drop.bucket,
        manifest_key=drop.key,
        version_id=drop.version_id,
        name=draft.shown_name,
        folder=f"{folder_of(drop.key)}/{draft.shown_name}",
        request=draft.request,
        metadata=draft.metadata,
        deadline=draft.deadline,
        created_at=drop.recorded_at,
        state_since=drop.recorded_at,
        drops=frozenset({drop.id}),
        open_run=FIRST_RUN,
        last_run=FIRST_RUN,
    )
