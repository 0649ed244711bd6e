"""A manifest in parts, each small enough for a share of one invocation."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from video_pipeline.domain.findings import Findings
from video_pipeline.domain.manifest import JobDraft
from video_pipeline.domain.problem import Problem

SLICE_JOBS = 1_000
SLICE_BYTES = 1_000_000
"""A slice ends with the job that reaches one of them, wherever and how often it is read."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a slice begins.

    `offset` counts bytes of JSON Lines, else entries of the list; `jobs` stand before it.
    """

    offset: int = 0
    line: int = 1
    jobs: int = 0


@dataclass(frozen=True, slots=True)
class Slice:
    """Jobs that lie together, the path of each, and where the next slice begins, if one does."""

    start: Cursor
    jobs: tuple[JobDraft, ...] = ()
    paths: tuple[str, ...] = ()
    next: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a drop's roster: the ids of a slice's jobs, and where the slice begins."""

    start: Cursor
    job_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Validated:
    """What validating one slice found, for the slices after it.

    `metadata` is what all its jobs have in common, `units` the most that they can cost.
    """

    page: Page
    names: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    units: int = 0
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    next: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What validating a whole manifest came to; with errors, nothing is promised."""

    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    pages: tuple[Page, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)

    @property
    def jobs(self) -> int:
        return sum(len(page.job_ids) for page in self.pages)


@dataclass(slots=True)
class Progress:
    """What reading a manifest has found so far; `names` tells where each name stands."""

    findings: Findings = field(default_factory=Findings)
    names: dict[str, str] = field(default_factory=dict)

    def recall(self, known: Validated) -> None:
        """Take in what an earlier invocation found."""
        self.names |= dict(zip(known.names, known.paths, strict=True))
        self.findings.recall(known.errors, known.warnings)
