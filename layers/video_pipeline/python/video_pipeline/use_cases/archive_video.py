"""Copy a finished video into the archive, checked, before its link dies."""

import hashlib
import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from video_pipeline.domain import moves
from video_pipeline.domain.credits import to_credits
from video_pipeline.domain.errors import FetchError, FetchFailedError, StaleMoveError
from video_pipeline.domain.events import stamp, times
from video_pipeline.domain.job import ArchivedVideo, Job, JobState
from video_pipeline.domain.media import UnreadableVideoError, VideoFacts
from video_pipeline.domain.request import MODEL
from video_pipeline.ports import Archive, Clock, Fetched, Fetcher, Ledger, StoredObject

LARGEST_VIDEO = 500 * 1024 * 1024
SECONDS_TOLERANCE = 0.25
OK, PARTIAL = 200, 206


@dataclass(frozen=True, slots=True)
class VideoTools:
    """What reads media; loaded only where bytes are read."""

    probe: Callable[[Path], VideoFacts]
    write_poster: Callable[[Path, Path], None]


@dataclass(frozen=True, slots=True)
class ArchiveVideo:
    ledger: Ledger
    fetcher: Fetcher
    archive: Archive
    tools: VideoTools
    clock: Clock

    def __call__(self, job_id: str) -> Job | None:
        """Archive the video of a completed job; any other job is left alone.

        What goes wrong with the source is noted and left to the hub, which tries again
        until the link's end; what is wrong with us is raised.
        """
        job = self.ledger.job(job_id)
        if job is None or job.state is not JobState.COMPLETED or job.link is None:
            return job
        with tempfile.TemporaryDirectory() as folder:
            try:
                move = self._archived(job, job.link, Path(folder))
            except (FetchError, UnreadableVideoError) as trouble:
                move = moves.archive_troubled(job, str(trouble), self.clock.now())
        return self._commit(move)

    def _archived(self, job: Job, link: str, folder: Path) -> moves.Move:
        video_file, poster_file = folder / "video.mp4", folder / "poster.jpg"
        sha256 = self._download(link, video_file)
        facts = self.tools.probe(video_file)
        self.tools.write_poster(video_file, poster_file)
        stored = self._store(job, video_file, sha256)
        poster = self._put(job, "poster.jpg", poster_file, "image/jpeg", {})
        video = _archived_video(stored, facts)
        move = moves.archived(job, video, self.clock.now())
        sidecar = _result(move.after, facts, poster)
        body = json.dumps(sidecar, ensure_ascii=False, indent=2).encode()
        self._put(job, "result.json", body, "application/json", {})
        return move

    def _download(self, link: str, target: Path) -> str:
        """Copy the link's body into a file; returns its SHA-256, refuses a body cut short."""
        digest = hashlib.sha256()
        with (
            self.fetcher.open(link, max_bytes=LARGEST_VIDEO) as source,
            target.open("wb") as copy,
        ):
            _refuse_unless_video(source)
            for chunk in source.chunks():
                digest.update(chunk)
                copy.write(chunk)
        promised = source.headers.get("content-length")
        if promised is not None and int(promised) != target.stat().st_size:
            raise FetchFailedError(f"The body ended after {target.stat().st_size} of {promised} B.")
        return digest.hexdigest()

    def _store(self, job: Job, video_file: Path, sha256: str) -> StoredObject:
        """Write the video, or adopt the one that an earlier try of this very task left there."""
        metadata = {"job": job.id, "task": job.task_id or "", "sha256": sha256}
        found = self.archive.find(f"{job.folder}/video.mp4")
        if found is not None:
            stored, known = found
            if {name: known.get(name) for name in metadata} == metadata:
                return stored
        return self._put(job, "video.mp4", video_file, "video/mp4", metadata)

    def _put(
        self, job: Job, name: str, source: Path | bytes, content_type: str, more: dict[str, str]
    ) -> StoredObject:
        metadata = {"job": job.id, "task": job.task_id or "", **more}
        key = f"{job.folder}/{name}"
        return self.archive.put(key, source, content_type=content_type, metadata=metadata)

    def _commit(self, move: moves.Move) -> Job | None:
        try:
            return self.ledger.commit(move)
        except StaleMoveError:
            return self.ledger.job(move.before.id)  # the hub looks again in any case


def _refuse_unless_video(source: Fetched) -> None:
    if source.status not in {OK, PARTIAL}:
        raise FetchFailedError(f"The link answered {source.status}.", status=source.status)
    content_type = source.headers.get("content-type", "")
    if content_type.startswith(("text/", "application/json")):
        raise FetchFailedError(f"The link answered with {content_type}, which is no video.")


def _archived_video(stored: StoredObject, facts: VideoFacts) -> ArchivedVideo:
    return ArchivedVideo(
        bucket=stored.bucket,
        key=stored.key,
        version_id=stored.version_id,
        size=stored.size,
        sha256=stored.sha256,
        seconds=facts.seconds,
        width=facts.width,
        height=facts.height,
        has_audio=facts.audio_codec is not None,
    )


def _result(job: Job, facts: VideoFacts, poster: StoredObject) -> dict[str, Any]:
    """Return the sidecar: what was asked, what came, what it cost."""
    return {
        "version": "1",
        "job": {"id": job.id, "name": job.name, "attempt": job.attempt},
        "manifest": {"bucket": job.bucket, "key": job.manifest_key, "version_id": job.version_id},
        "metadata": dict(job.metadata),
        "model": MODEL,
        "request": json.loads(job.request.canonical()),
        "task_id": job.task_id,
        "credits": {
            "estimated": None if job.estimate is None else to_credits(job.estimate),
            "charged": to_credits(job.charge or 0),
            "told_by": "estimate" if job.provider_charge is None else "provider",
        },
        "times": times(job),
        "archived_at": stamp(job.state_since),
        "video": asdict(job.video) if job.video else None,
        "poster": {"key": poster.key, "version_id": poster.version_id, "sha256": poster.sha256},
        "media": asdict(facts),
        "remarks": _remarks(job, facts),
    }


def _remarks(job: Job, facts: VideoFacts) -> list[str]:
    """Name where the video is not what was asked for; it was paid, so it is kept."""
    remarks = []
    if abs(facts.seconds - job.request.duration) > SECONDS_TOLERANCE:
        remarks.append(f"{facts.seconds:.2f} s long, {job.request.duration} s asked for")
    if (facts.audio_codec is not None) != job.request.generate_audio:
        remarks.append("audio track does not match generate_audio")
    return remarks
