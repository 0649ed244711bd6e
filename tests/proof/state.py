"""Everything that one job's world holds at one instant, as a value."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from video_pipeline.domain.job import Job
from video_pipeline.domain.request import VideoRequest

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(hours=1)
JOB_ID, DROP_ID = "job", "drop"


class NoMetadata(dict[str, str]):
    """A mapping that can be part of a set's member."""

    def __hash__(self) -> int:  # type: ignore[override] # dict has none, which is the point
        return 0


ACCEPTED = Job(
    id=JOB_ID,
    bucket="intake",
    manifest_key="manifests/m.json",
    version_id="v1",
    name="tea",
    folder="videos/m/tea",
    request=VideoRequest(prompt="tea"),
    created_at=NOW,
    state_since=LONG_AGO,
    metadata=NoMetadata(),
    drops=frozenset({DROP_ID}),
    open_run=1,
    last_run=1,
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A paid task in the provider's books; `shown` says whether it can be read yet."""

    attempt: int
    status: str = "running"
    shown: bool = True
    callbacks: int = 0


class Actor(NamedTuple):
    """A function halfway through: who, with which arguments, after which answers."""

    kind: str
    arguments: tuple[int, ...]
    log: tuple[int, ...] = ()


Position = tuple[str | int, ...]
"""Where a run stands: a state of the state machine, with what it carries."""


class State(NamedTuple):
    job: int
    indexed: bool = True
    claims: frozenset[tuple[int, str]] = frozenset()
    owners: frozenset[tuple[str, int]] = frozenset()
    reserved: int = 0
    charged: int = 0
    remaining: int = 1
    drop: str = "open"
    reported: bool = False
    closings: int = 0
    ends_told: frozenset[int] = frozenset()
    kinds: tuple[str, ...] = ()
    told: tuple[int, ...] = ()
    tasks: tuple[Sent, ...] = ()
    queue: frozenset[tuple[int, int]] = frozenset()
    runs: tuple[Position, ...] = (("hub", 0, 0, 0),)
    actors: tuple[Actor, ...] = ()
    videos: int = 0
    calls: int = 0
    redrives: int = 0
    faults: int = 0

    @property
    def stored(self) -> Job:
        job = VALUES[self.job]
        assert isinstance(job, Job)
        return job

    def with_job(self, job: Job) -> "State":
        return self._replace(job=intern(bare(job)))

    def with_run(self, run: int, *position: str | int) -> "State":
        runs = [*self.runs, *[("never",)] * (run - len(self.runs))]
        runs[run - 1] = position
        return self._replace(runs=tuple(runs))

    def with_task(self, number: int, **changes: Any) -> "State":
        tasks = list(self.tasks)
        tasks[number] = replace(tasks[number], **changes)
        return self._replace(tasks=tuple(tasks))

    def with_actor(self, actor: Actor) -> "State":
        return self._replace(actors=tuple(sorted((*self.actors, actor))))

    def without(self, actor: Actor) -> "State":
        actors = list(self.actors)
        actors.remove(actor)
        return self._replace(actors=tuple(actors))

    def acting(self, kind: str) -> Iterator[Actor]:
        return (actor for actor in self.actors if actor.kind == kind)

    def is_alive(self, run: int | None) -> bool:
        if run is None or run > len(self.runs):
            return False
        return self.runs[run - 1][0] not in {"never", "done", "dead", "buried"}


VALUES: list[object] = []
_NUMBERS: dict[Hashable, int] = {}


def intern(value: Hashable) -> int:
    """Number a value, so that states are small and quick to compare."""
    number = _NUMBERS.get(value)
    if number is None:
        number = _NUMBERS[value] = len(VALUES)
        VALUES.append(value)
    return number


def bare(job: Job) -> Job:
    """Leave out what only people read, and let waits be over: fewer states that act alike."""
    waited = None if job.not_before is None else NOW
    return replace(job, trail=(), state_since=LONG_AGO, not_before=waited)


def start() -> State:
    return State(job=intern(ACCEPTED))
