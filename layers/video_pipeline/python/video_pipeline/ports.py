"""What the use cases need from the world, one protocol per edge."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from video_pipeline.domain.answers import CreateAnswer
from video_pipeline.domain.control import Change, Control
from video_pipeline.domain.drop import Drop
from video_pipeline.domain.events import Event
from video_pipeline.domain.job import Job, JobState
from video_pipeline.domain.media import MediaFacts, Reference, VideoFacts
from video_pipeline.domain.moves import Move
from video_pipeline.domain.problem import Problem
from video_pipeline.domain.receipt import Receipt
from video_pipeline.domain.request import VideoRequest
from video_pipeline.domain.slices import Cursor, Page, Progress, Slice, Validated
from video_pipeline.domain.task import ListedTask, Task, TaskGone

if TYPE_CHECKING:
    from video_pipeline.domain.completion_report import CompletionReport


class Clock(Protocol):
    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        ...


class Provider(Protocol):
    def create(self, body: Mapping[str, object], *, idempotency_key: str) -> CreateAnswer:
        """Make the one paid call, exactly once, on a fresh connection.

        Without a usable key the answer is NotSent.
        """
        ...

    def read(self, task_id: str) -> Task | TaskGone:
        """Read a task; raises ProviderUnavailableError when the read itself failed."""
        ...

    def listed(self, since: datetime) -> Sequence[ListedTask]:
        """List the account's tasks that are younger than an instant, as far as it shows them.

        Raises ProviderUnavailableError when it shows none of that: the list is not documented.
        """
        ...

    def is_ready(self) -> bool:
        """Say whether a key has been put into its secret; no call is made."""
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
        """Open a URL after every check of the guarded fetch; raises FetchError.

        The body ends at `last_byte` even when the source ignores ranges;
        a body of more than `max_bytes` raises, and so does time running out while it is read.
        """
        ...


class Stream(Protocol):
    def readinto(self, room: memoryview, /) -> int:
        """Fill a room with what comes next, without a copy; 0 bytes at the end."""
        ...


class Download(Fetched, Stream, Protocol):
    """An answer of which much is read."""


class Downloader(Protocol):
    def open(
        self,
        url: str,
        *,
        max_bytes: int,
        first_byte: int = 0,
        last_byte: int | None = None,
        if_range: str | None = None,
    ) -> AbstractContextManager[Download]:
        """Open a URL as a fetcher does; a range may be asked of one version of the file alone."""
        ...


@dataclass(frozen=True, slots=True)
class Checked:
    """What a look at all references found; `missing` tells of objects that may still come."""

    problems: tuple[Problem, ...] = ()
    missing: tuple[Problem, ...] = ()
    input_seconds: float | None = None  # of all videos together
    references: tuple[Reference, ...] = ()  # those that could be measured


class KnownMedia(Protocol):
    """What versions of references were measured to be; it may forget, and never changes."""

    def recall(self, digest: str) -> MediaFacts | None: ...

    def keep(self, digest: str, facts: MediaFacts, days: int) -> None: ...


class References(Protocol):
    def check(self, request: VideoRequest) -> Checked:
        """Look at every reference before money is spent."""
        ...

    def as_links(self, request: VideoRequest) -> VideoRequest:
        """Return the request with each `s3://` reference as a short-lived signed link."""
        ...


class Video(Protocol):
    """A whole video that lies somewhere, looked at by a few of its bytes."""

    @property
    def size(self) -> int: ...

    @property
    def content_type(self) -> str: ...

    @property
    def facts(self) -> VideoFacts: ...

    @property
    def poster(self) -> bytes:
        """Return one picture that stands for it, as JPEG."""
        ...

    def stream(self) -> AbstractContextManager[Stream]:
        """Open all of its bytes in order, each time from the first.

        Reading raises SourceLostError when it cannot be read on, FetchError when it is gone.
        """
        ...


class VideoLinks(Protocol):
    def open(self, link: str) -> AbstractContextManager[Video]:
        """Look at the video at a link; raises FetchError, or UnreadableVideoError if it is none."""
        ...


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One version of one object in the archive; `crc32` is the sum that S3 itself keeps."""

    bucket: str
    key: str
    version_id: str
    size: int
    sha256: str
    crc32: str


@dataclass(frozen=True, slots=True)
class FoundObject:
    """What lies under a key now; its bytes have not been read."""

    version_id: str
    etag: str
    size: int
    content_type: str
    crc32: str | None
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Labels:
    """What an object says of itself; users filter by metadata and tags."""

    content_type: str
    metadata: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


class Archive(Protocol):
    def find(self, key: str) -> FoundObject | None:
        """Return the current object under a key, if there is one."""
        ...

    def copy(
        self, key: str, video: Video, labels: Labels, over: FoundObject | None
    ) -> StoredObject:
        """Stream a video into one object of known length; nothing appears unless all of it came.

        `over` is what was found under the key; raises KeyTakenError when that is outdated.
        """
        ...

    def reread(self, key: str, found: FoundObject) -> tuple[Video, StoredObject] | None:
        """Look at a video that lies here, and read all of it; None when its sum is not S3's."""
        ...

    def put(self, key: str, body: bytes, labels: Labels) -> StoredObject:
        """Write a small object as a new version, its sum checked by S3 itself."""
        ...


class ArchivedObjects(Protocol):
    def has(self, key: str) -> bool:
        """Say whether the archive holds an object under a key now."""
        ...


class Arrival(StrEnum):
    """How a job of a drop was met in the ledger."""

    NEW = "new"
    JOINED = "joined"  # it already ran for an earlier drop, and now counts for this one too
    ENDED = "ended"  # it had ended before
    KNOWN = "known"  # this very drop brought it before


class Ledger(Protocol):
    """The only record of what was promised and paid; every read is consistent."""

    def job(self, job_id: str) -> Job | None: ...

    def job_and_control(self, job_id: str) -> tuple[Job | None, Control]:
        """Return a job and what holds the account back, read in one call."""
        ...

    def commit(self, move: Move, *, in_its_run: bool = False) -> Job:
        """Write a move and all that belongs to it in one transaction.

        Raises StaleMoveError when the job is no longer the one before the move, or, `in_its_run`,
        when another run is open than the job shows: then its open run is known to be true.
        CapReachedError and TaskTakenError when the reservation or the task stand in the way.
        """
        ...

    def ring(self, job_id: str, attempt: int, task_id: str | None) -> Job | None:
        """Keep the claim and raise the ring count in one write; None when there is no such job."""
        ...

    def claims(self, job_id: str, attempt: int) -> tuple[str, ...]: ...

    def open_run(self, job: Job, run: int) -> bool:
        """Open a run in place of the one (or none) that `job` shows; False when outdated."""
        ...

    def close_run(self, job: Job, now: datetime) -> bool:
        """Close the open run unless anything happened since `job` was read."""
        ...

    def untold_events(self, job: Job) -> tuple[Event, ...]: ...

    def mark_told(self, job_id: str, sequence: int) -> None: ...

    def owners(self, task_ids: Sequence[str]) -> Mapping[str, str]:
        """Return who owns each task, as `<job>#<attempt>`; a task without owner is left out."""
        ...

    def unfinished(
        self, older_than: datetime, states: Sequence[JobState] = tuple(JobState)
    ) -> Iterator[Job]:
        """Every job with work left whose state is older than an instant, oldest first."""
        ...


class Account(Protocol):
    """The part of the ledger that holds every submission back."""

    def control(self) -> Control: ...

    def change(self, change: Change) -> bool:
        """Begin or end a pause; False when somebody else did so since it was read."""
        ...

    def untold(self, control: Control) -> Iterable[Event]: ...

    def mark_told(self, sequence: int) -> None: ...

    def hold_until(self, not_before: datetime) -> None:
        """Hold every submission back for a rate limit; the longest wait counts."""
        ...

    def claim_probe(self, now: datetime, every: timedelta) -> bool:
        """True for the one caller that should probe a paused account now."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """How many jobs are in a state, and since when the oldest of them."""

    count: int
    oldest: datetime | None


class Census(Protocol):
    """What is true of all open jobs together; it may trail the ledger by a moment."""

    def standing(self, state: JobState) -> Standing: ...

    def links_that_end_before(self, instant: datetime) -> int:
        """Count finished videos that are not archived and whose link ends before an instant."""
        ...

    def credits(self, day: str) -> tuple[int, int]:
        """Return what a UTC day has reserved and charged, in units."""
        ...


class Drops(Protocol):
    """The part of the ledger that remembers drops."""

    def drop(self, drop_id: str) -> Drop | None: ...

    def record(self, drop: Drop, pages: Sequence[Page]) -> Drop:
        """Write a drop and its roster, unless it is there; return what is there."""
        ...

    def roster(self, drop_id: str) -> tuple[Page, ...]: ...

    def owner_of_folder(self, folder: str, manifest: str) -> str:
        """Claim an archive folder for a manifest; return who owns it."""
        ...

    def forget_rejected(self, drop: Drop) -> None:
        """Forget a rejected drop, so that the same version can be taken in after all."""
        ...

    def add_job(self, job: Job, drop_id: str) -> tuple[Job, Arrival]: ...

    def jobs_of(self, drop_id: str) -> tuple[Job, ...]: ...

    def each_job_of(self, drop_id: str) -> Iterator[Job]:
        """Yield the jobs one after another, so that thousands need little room."""
        ...

    def close(self, drop: Drop, completion: Event, now: datetime) -> Drop: ...

    def unfinished(self, older_than: datetime) -> Iterator[Drop]:
        """Every drop, older than an instant, whose end was not told yet."""
        ...

    def take_view(self, drop: Drop, now: datetime) -> Drop | None:
        """Number the next receipt; None when somebody else took a view since `drop` was read."""
        ...

    def mark_covered(self, drop: Drop) -> None: ...

    def promise_view(self, drop: Drop, job_id: str) -> None:
        """Note whose run takes the view after the one that `drop` shows; the first one counts."""
        ...

    def mark_completion_told(self, event_id: str) -> None:
        """Note that the end of a drop was told, unless the drop was opened again meanwhile."""
        ...


class Validations(Protocol):
    """What validating some slices of a drop found, while others are still to come."""

    def keep(self, drop_id: str, first: int, validated: Sequence[Validated], now: datetime) -> None:
        """Keep what was found from slice `first` on; keeping it again changes nothing."""
        ...

    def recall(self, drop_id: str) -> tuple[Validated, ...]: ...


class ManifestsQueue(Protocol):
    def send(self, message: str) -> None:
        """Leave a message for the next invocation of submit_manifest."""
        ...


class Runs(Protocol):
    """The executions of the state machine."""

    def start(self, job_id: str, run: int) -> bool:
        """Start a run by its name; False when there is or was one of that name, which is fine."""
        ...

    def is_alive(self, job_id: str, run: int) -> bool: ...

    def answer(self, token: str) -> None:
        """Wake whoever waits on a token; a token that is gone counts as answered."""
        ...

    def fail(self, token: str, error: str, cause: str) -> None:
        """Wake whoever waits on a token with an error; a gone token counts as told."""
        ...


class Bus(Protocol):
    def publish(self, event: Event) -> None: ...


class Receipts(Protocol):
    def write(self, drop: Drop, receipt: Receipt) -> None:
        """Write both receipts of a drop; an older view never replaces a newer one."""
        ...


class Reports(Protocol):
    def write_once(self, drop: Drop, report: "CompletionReport") -> "CompletionReport":
        """Write both files of a report unless they are there; return the report that is there."""
        ...


class ReadableFile(Protocol):
    """A file of known size, read piece by piece."""

    @property
    def size(self) -> int: ...

    def read(self, first_byte: int, length: int) -> bytes:
        """Return the bytes from one on, fewer only at the file's end."""
        ...


class DroppedFile(ReadableFile, Protocol):
    """One version of a manifest in the intake bucket."""

    @property
    def version_id(self) -> str: ...

    @property
    def dropped_at(self) -> datetime: ...


class ManifestSlices(Protocol):
    """One manifest, read slice by slice."""

    rerun: bool
    max_credits: float | None

    def read(self, progress: Progress, start: Cursor | None = None) -> Iterator[Slice]:
        """Check slice after slice; what is wrong with one is in `progress` when it comes."""
        ...

    def at(self, start: Cursor) -> Slice:
        """Return a slice of a manifest in which nothing is wrong."""
        ...


class Intake(Protocol):
    def open(self, bucket: str, key: str, version_id: str | None) -> DroppedFile | None:
        """Open one version, the newest when none is named; None when it is gone."""
        ...


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message that the queue "manifests" or "jobs" gave up on, and where it lies."""

    queue: str
    body: str
    handle: str | None = None
    key: str | None = None


class DeadLetters(Protocol):
    def letters(self) -> Iterator[DeadLetter]: ...

    def forget(self, letter: DeadLetter) -> None: ...
