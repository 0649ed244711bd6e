"""What the use cases need from the world, one protocol per edge."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from video_pipeline.domain.answers import CreateAnswer
from video_pipeline.domain.problem import Problem
from video_pipeline.domain.request import VideoRequest
from video_pipeline.domain.task import Task, TaskGone


class Clock(Protocol):
    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        ...


class Provider(Protocol):
    def create(self, body: Mapping[str, object], *, idempotency_key: str) -> CreateAnswer:
        """Make the one paid call, exactly once, on a fresh connection."""
        ...

    def read(self, task_id: str) -> Task | TaskGone:
        """Read a task; raises ProviderUnavailableError when the read itself failed."""
        ...

    def remaining_credits(self) -> int | None:
        """Make the free call that proves the key; units left, None when not told."""
        ...


class Fetched(Protocol):
    """An answer whose body is read in pieces."""

    status: int
    headers: Mapping[str, str]  # names in lower case

    def chunks(self, size: int = 262_144) -> Iterator[bytes]: ...


class Fetcher(Protocol):
    def open(
        self, url: str, *, max_bytes: int, first_byte: int = 0, last_byte: int | None = None
    ) -> AbstractContextManager[Fetched]:
        """Open a URL after every check of the guarded fetch; raises FetchError."""
        ...


class References(Protocol):
    def check(self, request: VideoRequest) -> tuple[Problem, ...]:
        """Look at every reference before money is spent; empty when all are fit."""
        ...

    def as_links(self, request: VideoRequest) -> VideoRequest:
        """Return the request with each `s3://` reference as a short-lived signed link."""
        ...


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One version of one object in the archive."""

    bucket: str
    key: str
    version_id: str
    size: int
    sha256: str


class Archive(Protocol):
    def find(self, key: str) -> tuple[StoredObject, Mapping[str, str]] | None:
        """Return the current object under a key with its metadata, if there is one."""
        ...

    def put(
        self, key: str, source: Path | bytes, *, content_type: str, metadata: Mapping[str, str]
    ) -> StoredObject:
        """Write a new version, its SHA-256 checked by S3 itself."""
        ...
