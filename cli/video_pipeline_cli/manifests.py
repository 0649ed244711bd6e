"""Manifests as they lie on this machine, read by the very reader of the pipeline."""

import posixpath
from dataclasses import dataclass
from pathlib import Path

from video_pipeline.adapters.manifest_file import read_manifest
from video_pipeline.domain.identity import MANIFESTS
from video_pipeline.domain.manifest import JobDraft, Reading
from video_pipeline_cli.answer import WRONG_USAGE, CommandError

BESIDE = "beside-the-manifest"  # stands for the bucket that the files will lie in
ADDRESS = f"s3://{BESIDE}/"


@dataclass(frozen=True)
class LocalManifest:
    """One file, and the key under which it is or would be dropped."""

    path: Path
    key: str
    body: bytes
    reading: Reading

    @property
    def jobs(self) -> tuple[JobDraft, ...]:
        return self.reading.manifest.jobs if self.reading.manifest else ()

    def beside(self) -> dict[str, Path]:
        """Return the file of each relative reference, by its key in the bucket."""
        urls = {url for draft in self.jobs for url in draft.request.references()}
        keys = sorted(url.removeprefix(ADDRESS) for url in urls if url.startswith(ADDRESS))
        return {key: self.file_of(key) for key in keys}

    def file_of(self, key: str) -> Path:
        return self.path.parent / posixpath.relpath(key, posixpath.dirname(self.key))

    def holds(self, file: Path) -> bool:
        """Say whether a file lies in the manifest's folder; no other is ever read."""
        folder = self.path.parent.resolve()
        return file.is_file() and file.resolve().is_relative_to(folder)


def read_local(path: Path, prefix: str = "") -> LocalManifest:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.", WRONG_USAGE) from error
    key = key_of(path, prefix)
    return LocalManifest(path, key, body, read_manifest(body, bucket=BESIDE, key=key))


def key_of(path: Path, prefix: str) -> str:
    folder = prefix.strip("/").removeprefix(MANIFESTS.rstrip("/")).strip("/")
    if any(part in {"", ".", ".."} for part in folder.split("/")) and folder:
        raise CommandError(f"--prefix {prefix} is no folder name; write a/b.", WRONG_USAGE)
    return f"{MANIFESTS}{folder}/{path.name}" if folder else f"{MANIFESTS}{path.name}"
