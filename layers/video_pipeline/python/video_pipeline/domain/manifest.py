"""What a user dropped, after reading and before anything is promised."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from video_pipeline.domain.problem import Problem
from video_pipeline.domain.request import VideoRequest


@dataclass(frozen=True, slots=True)
class JobDraft:
    """One video that a manifest asks for; `position` is one-based."""

    position: int
    name: str | None
    request: VideoRequest
    metadata: Mapping[str, str]
    deadline: datetime | None = None

    @property
    def shown_name(self) -> str:
        return self.name or f"job-{self.position:05d}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Every job of one file; `rerun` buys again on purpose, `max_credits` caps the whole file."""

    jobs: tuple[JobDraft, ...]
    rerun: bool = False
    max_credits: float | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a manifest: either a manifest and its warnings, or every error in it."""

    manifest: Manifest | None
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
