import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console, RenderableType
from rich.markup import escape

from video_pipeline.adapters.manifest_file import read_manifest
from video_pipeline.domain.identity import drop_id, job_ids
from video_pipeline_cli import show
from video_pipeline_cli.answer import DONE, WRONG_USAGE, Answer, CommandError, Document
from video_pipeline_cli.check import check
from video_pipeline_cli.manifests import LocalManifest, read_local
from video_pipeline_cli.results import download
from video_pipeline_cli.status import answer_of as status_of
from video_pipeline_cli.status import still_running
from video_pipeline_cli.target import Target
from video_pipeline_cli.validate import answer_of as verdict_of
from video_pipeline_cli.watch import wait_for


@dataclass(frozen=True)
class Wish:
    """What a user wants of a drop besides its being dropped."""

    prefix: str = ""
    wait: bool = False
    seconds: float | None = None
    out: Path | None = None
    quiet: bool = False


@dataclass(frozen=True)
class Dropped:
    id: str
    key: str
    version_id: str
    uploaded: tuple[str, ...]
    jobs: tuple[tuple[str, str], ...]  # id and name


def drop(target: Target, files: Sequence[Path], wish: Wish) -> Answer:
    """Upload references, then manifests; if any file has an error, nothing is uploaded."""
    manifests = [read_local(path, wish.prefix) for path in files]
    _refuse_clashes(manifests)
    verdicts = [check(manifest, target.prices, offline=True) for manifest in manifests]
    if not all(verdict.is_valid for verdict in verdicts):
        return verdict_of(verdicts, "[red]Nothing was uploaded.[/]")
    dropped = [_lay(target, manifest) for manifest in manifests]
    warnings = [problem for verdict in verdicts for problem in verdict.warnings]
    first = (*show.problems(warnings, "warning"), *_parts(dropped))
    document = {"stack": target.name, "drops": [_document(each) for each in dropped]}
    if not wish.wait and wish.out is None:
        end = "Follow them with `video-pipeline watch`."
        return Answer(document, DONE, (*first, end))
    if not wish.quiet:
        console = Console(stderr=True, highlight=False)
        for part in first:
            console.print(part)
    return _to_the_end(target, dropped, wish, document)


def _refuse_clashes(manifests: Sequence[LocalManifest]) -> None:
    """Two different files under one key would make somebody's video of the wrong picture."""
    places = {(each.key, each.path.resolve()) for each in manifests}
    for each in manifests:
        places |= {(key, file.resolve()) for key, file in each.beside().items() if each.holds(file)}
    for key, count in Counter(key for key, _ in places).items():
        if count > 1:
            raise CommandError(
                f"{count} different files would be uploaded as {key}. "
                "Drop their manifests one by one, each with a --prefix of its own.",
                WRONG_USAGE,
            )


def _lay(target: Target, manifest: LocalManifest) -> Dropped:
    bucket = target.intake_bucket
    files = {key: file for key, file in manifest.beside().items() if manifest.holds(file)}
    uploaded = tuple(key for key, file in files.items() if _upload(target, key, file.read_bytes()))
    version = target.s3.put_object(Bucket=bucket, Key=manifest.key, Body=manifest.body)["VersionId"]
    reading = read_manifest(manifest.body, bucket=bucket, key=manifest.key)
    whole = reading.manifest
    named = job_ids(whole, bucket, manifest.key, version) if whole else ()
    jobs = tuple((job_id, draft.shown_name) for job_id, draft in named)
    return Dropped(drop_id(bucket, manifest.key, version), manifest.key, version, uploaded, jobs)


def _upload(target: Target, key: str, body: bytes) -> bool:
    """Upload a file unless the very same bytes lie there already."""
    place = {"Bucket": target.intake_bucket, "Key": key}
    try:
        etag = target.s3.head_object(**place)["ETag"].strip('"')  # type: ignore[arg-type]  # the two names are right
    except target.s3.exceptions.ClientError:
        etag = ""
    if etag == hashlib.md5(body, usedforsecurity=False).hexdigest():
        return False
    target.s3.put_object(**place, Body=body)  # type: ignore[arg-type]  # the two names are right
    return True


def _to_the_end(
    target: Target, dropped: Sequence[Dropped], wish: Wish, document: Document
) -> Answer:
    views = wait_for(target, [each.id for each in dropped], wish.seconds, quiet=wish.quiet)
    answer = still_running(status_of(target, views))
    jobs = [job for view in views for job in view.jobs]
    files = download(target, jobs, wish.out) if wish.out else []
    ends = answer.document.get("drops", [answer.document])
    for each, end in zip(document["drops"], ends, strict=True):
        each.update(end)
    said = f"{show.count(len(files), 'file')} written below {wish.out}/" if files else None
    parts = (*answer.parts, escape(said)) if said else answer.parts
    return Answer({**document, "files": [str(file) for file in files]}, answer.code, parts)


def _document(dropped: Dropped) -> Document:
    return {
        "id": dropped.id,
        "manifest": dropped.key,
        "version_id": dropped.version_id,
        "uploaded": list(dropped.uploaded),
        "jobs": [{"id": job_id, "name": name} for job_id, name in dropped.jobs],
    }


def _parts(dropped: Sequence[Dropped]) -> list[RenderableType]:
    parts: list[RenderableType] = []
    for each in dropped:
        parts.append(f"[bold]{escape(each.key)}[/]  dropped as [dim]{each.id}[/]")
        table = show.table("  job", "id")
        for job_id, name in each.jobs:
            table.add_row(f"  {escape(name)}", f"[dim]{job_id}[/]")
        parts.append(table)
    return parts
