"""Names that follow from what they name, so that the same drop is always the same job."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from video_pipeline.domain.manifest import JobDraft, Manifest

MANIFESTS = "manifests/"
EXTENSIONS = frozenset({".json", ".yaml", ".yml", ".jsonl"})


def is_manifest(key: str) -> bool:
    return key.startswith(MANIFESTS) and PurePosixPath(key).suffix.lower() in EXTENSIONS


def drop_id(bucket: str, key: str, version_id: str) -> str:
    return _digest(bucket, key, version_id)[:16]


class JobIds:
    """Names each job by bucket, key, job name and request; a nameless one by its ordinal.

    The ordinal counts identical nameless requests only,
    so a job put in front of others does not make them new ones.
    `known` are the ids of the jobs that stand before.
    """

    def __init__(
        self, bucket: str, key: str, *, rerun: str = "", known: Iterable[str] = ()
    ) -> None:
        self._place, self._rerun = (bucket, key), rerun
        self._known = set(known)
        self._ordinals: Counter[str] = Counter()

    def of(self, draft: JobDraft) -> str:
        request = draft.request.canonical()
        if draft.name is not None:
            return self._id(draft.name, "", request)
        same = _digest(request)
        while True:
            self._ordinals[same] += 1
            job_id = self._id("", str(self._ordinals[same]), request)
            if job_id not in self._known:
                self._known.add(job_id)
                return job_id

    def _id(self, name: str, ordinal: str, request: str) -> str:
        return _digest(*self._place, name, ordinal, request, self._rerun)[:32]


def job_ids(
    manifest: Manifest, bucket: str, key: str, version_id: str
) -> Iterator[tuple[str, JobDraft]]:
    """Yield the jobs of a whole manifest with their ids."""
    ids = JobIds(bucket, key, rerun=version_id if manifest.rerun else "")
    for draft in manifest.jobs:
        yield ids.of(draft), draft


def folder_of(key: str) -> str:
    """Return the archive folder of a manifest: its path without the last extension."""
    return "videos/" + str(PurePosixPath(key.removeprefix(MANIFESTS)).with_suffix(""))


def receipt_key(key: str) -> str:
    return f"receipts/{key.removeprefix(MANIFESTS)}.json"


def drop_receipt_key(key: str, drop: str) -> str:
    return f"receipts/{key.removeprefix(MANIFESTS)}/{drop}.json"


def report_key(key: str, drop: str, ending: str, closings: int = 0) -> str:
    """Name the report of a drop's end, after so many ends before."""
    again = f"-{closings + 1}" if closings else ""
    return f"receipts/{key.removeprefix(MANIFESTS)}/{drop}{again}.report.{ending}"


def run_name(job_id: str, run: int) -> str:
    return f"{job_id}-{run}"


def split_run_name(name: str) -> tuple[str, int]:
    job_id, _, run = name.rpartition("-")
    return job_id, int(run)


def idempotency_key(job_id: str, attempt: int) -> str:
    return f"{job_id}-{attempt:04d}"


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
