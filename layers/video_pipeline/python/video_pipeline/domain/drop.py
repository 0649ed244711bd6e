"""One drop: a version of a manifest, and how far its jobs have come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from video_pipeline.domain.events import VERSION, Event, stamp
from video_pipeline.domain.job import Job, JobState
from video_pipeline.domain.problem import Problem


class DropState(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Drop:
    """What the ledger knows of one drop.

    `metadata` is what all its jobs have in common; `remaining` counts jobs that have not ended.
    `view` numbers the receipts; `covered_at` is when the jobs shown by the last one were read.
    """

    id: str
    bucket: str
    key: str
    version_id: str
    dropped_at: datetime
    recorded_at: datetime
    state: DropState
    state_since: datetime
    total: int = 0
    remaining: int = 0
    metadata: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    view: int = 0
    viewed_at: datetime | None = None
    covered_at: datetime | None = None
    completion: Event | None = None
    told: bool = False

    @property
    def can_close(self) -> bool:
        return self.state is DropState.ACCEPTED and self.remaining == 0


def common_metadata(jobs: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return the pairs that every job of a manifest carries."""
    first, *others = jobs
    return {name: text for name, text in first.items() if all(o.get(name) == text for o in others)}


def accepted_event(drop: Drop) -> Event:
    return _event("Manifest Accepted", drop, 1, drop.recorded_at, jobs=drop.total)


def rejected_event(drop: Drop) -> Event:
    codes = sorted({problem.code for problem in drop.problems})
    return _event(
        "Manifest Rejected",
        drop,
        1,
        drop.recorded_at,
        reason="undeliverable" if codes == ["undeliverable"] else "invalid_manifest",
        error_codes=codes,
        errors=len(drop.problems),
        charged="no",
        credits=0,
        next_step="Do what the receipt says of each error, then drop the manifest again.",
    )


def completed_event(drop: Drop, jobs: Sequence[Job], now: datetime) -> Event:
    """Tell the end of a drop with how many jobs ended how."""
    ends = {state.value: sum(job.state is state for job in jobs) for state in _ENDS}
    return _event("Manifest Completed", drop, 2, now, jobs=drop.total, ends=ends)


_ENDS = (JobState.ARCHIVED, JobState.FAILED, JobState.UNCONFIRMED)


def _event(kind: str, drop: Drop, sequence: int, at: datetime, **more: object) -> Event:
    event_id = f"{drop.id}-{kind.rpartition(' ')[2].lower()}"
    detail = {
        "version": VERSION,
        "event_id": event_id,
        "sequence": sequence,
        "time": stamp(at),
        "metadata": dict(drop.metadata),
        "manifest": {
            "bucket": drop.bucket,
            "key": drop.key,
            "version": drop.version_id,
            "drop_id": drop.id,
        },
        **more,
    }
    return Event(event_id, kind, sequence, detail)
