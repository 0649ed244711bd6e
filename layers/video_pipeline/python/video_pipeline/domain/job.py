"""One requested video, as the ledger remembers it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from video_pipeline.domain.media import Reference
from video_pipeline.domain.request import VideoRequest


class JobState(StrEnum):
    ACCEPTED = "accepted"
    SUBMITTING = "submitting"
    SUBMITTED = "submitted"
    COMPLETED = "completed"
    ARCHIVED = "archived"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"


ENDS = frozenset({JobState.ARCHIVED, JobState.FAILED})
"""States that nothing but a person leaves."""

RESTS = ENDS | {JobState.UNCONFIRMED}
"""States in which no run is needed; `unconfirmed` still hopes for a ring."""


class Charged(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ArchivedVideo:
    """Where the video lies, which version of it, and what it is.

    `crc32` is the sum that S3 keeps with the object, as S3 writes it;
    `replaces` is the version that lay under the key before, and still lies there beneath.
    """

    bucket: str
    key: str
    version_id: str
    size: int
    sha256: str
    seconds: float
    width: int
    height: int
    has_audio: bool
    crc32: str = ""
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """One move in a job's story: when, into which state, in which attempt, and why."""

    at: str
    state: str
    attempt: int
    cause: str


LONGEST_TRAIL = 60


@dataclass(frozen=True, slots=True)
class Job:
    """The whole memory of one job; moves make new ones, nothing changes one.

    Times are UTC, money is in units.
    `charge` is what the job has cost so far; `spent` of it went into attempts that were given up.
    `references` are what was measured before the last paid call.
    `revision` counts moves and is the condition of the next one.
    `sequence` counts events written, `published` those told.
    `rings`, `token` and the run fields are also written outside of moves (see ports.Ledger).
    """

    id: str
    bucket: str
    manifest_key: str
    version_id: str
    name: str
    folder: str
    request: VideoRequest
    created_at: datetime
    state_since: datetime
    metadata: Mapping[str, str] = field(default_factory=dict)
    drops: frozenset[str] = frozenset()
    deadline: datetime | None = None

    state: JobState = JobState.ACCEPTED
    revision: int = 0
    sequence: int = 0
    published: int = 0
    counted: bool = False

    attempt: int = 1
    not_before: datetime | None = None
    waiting_since: datetime | None = None
    call_id: str | None = None
    called_at: datetime | None = None
    lease_until: datetime | None = None

    task_id: str | None = None
    submitted_at: datetime | None = None
    completed_at: datetime | None = None
    link: str | None = None
    link_expires_at: datetime | None = None
    risk_told: bool = False
    archive_tries: int = 0
    archive_trouble: str | None = None
    video: ArchivedVideo | None = None

    references: tuple[Reference, ...] = ()
    reserved: int = 0
    reserved_day: str | None = None
    estimate: int | None = None
    provider_charge: int | None = None
    task_created: int | None = None  # Unix seconds, as the provider tells it
    task_seconds: int | None = None  # of the video, the same
    charge: int | None = None
    spent: int = 0

    trail: tuple[Moment, ...] = ()

    reason: str | None = None
    message: str | None = None
    charged: Charged | None = None

    open_run: int | None = None
    last_run: int = 0
    rings: int = 0
    closed_rings: int = 0
    token: str | None = None
    token_run: int | None = None

    @property
    def is_ended(self) -> bool:
        return self.state in ENDS

    @property
    def has_untold_events(self) -> bool:
        return self.sequence > self.published

    @property
    def needs_run(self) -> bool:
        """Say whether a job without an open run has something left to be done."""
        rang = self.rings > self.closed_rings
        return self.state not in RESTS or rang or self.has_untold_events
