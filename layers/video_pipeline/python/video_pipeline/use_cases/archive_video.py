"""Copy a finished video into the archive, checked, before its link dies."""

import json
from dataclasses import dataclass

from video_pipeline.domain import moves
from video_pipeline.domain.delivered import is_mislabelled, remarks
from video_pipeline.domain.errors import (
    FetchError,
    FetchFailedError,
    KeyTakenError,
    SourceLostError,
    StaleMoveError,
)
from video_pipeline.domain.job import ArchivedVideo, Job, JobState
from video_pipeline.domain.labels import metadata_of, tags_of
from video_pipeline.domain.media import UnreadableVideoError
from video_pipeline.domain.result import StoredFile, result
from video_pipeline.ports import (
    Archive,
    Clock,
    FoundObject,
    Labels,
    Ledger,
    StoredObject,
    Video,
    VideoLinks,
)

MOST_BEGINNINGS = 2  # of one call; further ones are the hub's
TRIES_OF_A_WRONG_LABEL = 2  # a label is asked about again, but does not lose a paid video


@dataclass(frozen=True, slots=True)
class ArchiveVideo:
    ledger: Ledger
    links: VideoLinks
    archive: Archive
    clock: Clock

    def __call__(self, job_id: str) -> Job | None:
        """Archive the video of a completed job; any other job is left alone.

        What goes wrong with the source is noted and left to the hub, which takes a fresh link
        and tries again until the link's end; what is wrong with us is raised.
        """
        job = self.ledger.job(job_id)
        if job is None or job.state is not JobState.COMPLETED or job.link is None:
            return job
        try:
            move = self._archived(job, job.link)
        except (FetchError, UnreadableVideoError) as trouble:
            move = moves.archive_troubled(job, str(trouble), self.clock.now())
        return self._commit(move)

    def _archived(self, job: Job, link: str) -> moves.Move:
        """Begin anew where the source, or what lies under the key, changed meanwhile."""
        for _ in range(MOST_BEGINNINGS - 1):
            try:
                return self._begun(job, link)
            except (SourceLostError, KeyTakenError):
                continue
        return self._begun(job, link)

    def _begun(self, job: Job, link: str) -> moves.Move:
        """Adopt what an earlier try of this very task left, or copy; then write the rest."""
        key = f"{job.folder}/video.mp4"
        found = self.archive.find(key)
        adopted = self._adopted(job, key, found)
        if adopted is not None:
            return self._finished(job, *adopted)
        with self.links.open(link) as video:
            _refuse_mislabelled(job, video)
            stored = self.archive.copy(key, video, _labels(job, "video/mp4"), found)
            return self._finished(job, video, stored, replaces=found)

    def _adopted(
        self, job: Job, key: str, found: FoundObject | None
    ) -> tuple[Video, StoredObject] | None:
        if found is None or not _is_of(job, found):
            return None
        return self.archive.reread(key, found)

    def _finished(
        self, job: Job, video: Video, stored: StoredObject, replaces: FoundObject | None = None
    ) -> moves.Move:
        poster = self._put(job, "poster.jpg", video.poster, "image/jpeg")
        told = _archived_video(stored, video, replaces)
        move = moves.archived(job, told, self.clock.now())
        remarked = remarks(job.request, video.facts, video.content_type)
        document = result(job, move.after, _stored(poster), video.facts, remarked)
        body = json.dumps(document, ensure_ascii=False, indent=2).encode()
        self._put(job, "result.json", body, "application/json")
        return move

    def _put(self, job: Job, name: str, body: bytes, content_type: str) -> StoredObject:
        return self.archive.put(f"{job.folder}/{name}", body, _labels(job, content_type))

    def _commit(self, move: moves.Move) -> Job | None:
        try:
            return self.ledger.commit(move)
        except StaleMoveError:
            return self.ledger.job(move.before.id)  # the hub looks again in any case


def _labels(job: Job, content_type: str) -> Labels:
    return Labels(content_type, metadata_of(job), tags_of(job))


def _is_of(job: Job, found: FoundObject) -> bool:
    return (found.metadata.get("job"), found.metadata.get("task")) == (job.id, job.task_id)


def _refuse_mislabelled(job: Job, video: Video) -> None:
    if is_mislabelled(video.content_type) and job.archive_tries <= TRIES_OF_A_WRONG_LABEL:
        raise FetchFailedError(f"The link answered with {video.content_type}, which is no video.")


def _archived_video(
    stored: StoredObject, video: Video, replaces: FoundObject | None
) -> ArchivedVideo:
    facts = video.facts
    return ArchivedVideo(
        bucket=stored.bucket,
        key=stored.key,
        version_id=stored.version_id,
        size=stored.size,
        sha256=stored.sha256,
        crc32=stored.crc32,
        seconds=facts.seconds,
        width=facts.width,
        height=facts.height,
        has_audio=facts.audio_codec is not None,
        replaces=replaces.version_id if replaces else None,
    )


def _stored(stored: StoredObject) -> StoredFile:
    return {
        "bucket": stored.bucket,
        "key": stored.key,
        "version_id": stored.version_id,
        "bytes": stored.size,
        "sha256": stored.sha256,
        "crc32": stored.crc32,
    }
