"""A look at the files that a manifest names, with the pipeline's own eyes."""

from dataclasses import replace

from video_pipeline.adapters.guarded_fetch import GuardedFetcher
from video_pipeline.adapters.references import S3References
from video_pipeline.domain.manifest import JobDraft
from video_pipeline.domain.problem import Problem
from video_pipeline.domain.request import REFERENCE_LISTS, VideoRequest
from video_pipeline.ports import Checked
from video_pipeline_cli.local_files import bucket_client
from video_pipeline_cli.manifests import ADDRESS, LocalManifest

LOOK_SECONDS = 15.0


def look_at_media(manifest: LocalManifest, *, offline: bool) -> Checked:
    """Look at files beside the manifest and, unless offline, at links; once at equal lists."""
    fetcher = GuardedFetcher(frozenset(), LOOK_SECONDS)
    references = S3References(lambda _bucket: bucket_client(manifest), fetcher)
    starts = (ADDRESS,) if offline else (ADDRESS, "https://")
    found = [_look(references, draft, starts) for draft in _different(manifest)]
    return Checked(
        tuple(problem for one in found for problem in one.problems),
        tuple(_not_beside(problem) for one in found for problem in one.missing),
    )


def _different(manifest: LocalManifest) -> list[JobDraft]:
    """Return one job for each set of references that occurs."""
    first: dict[tuple[tuple[str, ...], ...], JobDraft] = {}
    for draft in manifest.jobs:
        lists = tuple(getattr(draft.request, name) for name in REFERENCE_LISTS)
        first.setdefault(lists, draft)
    return list(first.values())


def _look(references: S3References, draft: JobDraft, starts: tuple[str, ...]) -> Checked:
    seen = _only(draft.request, starts)
    found = references.check(seen)
    return replace(
        found,
        problems=tuple(_told(problem, draft) for problem in found.problems),
        missing=tuple(_told(problem, draft) for problem in found.missing),
    )


def _only(request: VideoRequest, starts: tuple[str, ...]) -> VideoRequest:
    """Leave out what cannot be looked at from here: objects of other buckets, offline links."""

    def seen(urls: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(url for url in urls if url.startswith(starts))

    return replace(
        request,
        image_urls=seen(request.image_urls),
        video_urls=seen(request.video_urls),
        audio_urls=seen(request.audio_urls),
    )


def _told(problem: Problem, draft: JobDraft) -> Problem:
    value = problem.value and problem.value.removeprefix(ADDRESS)
    return replace(problem, path=f"{draft.shown_name}: {problem.path}", value=value)


def _not_beside(problem: Problem) -> Problem:
    return replace(
        problem,
        message=f"{problem.value} is not in the manifest's folder.",
        fix="Put it there before you drop, or see that the intake bucket holds it.",
    )
