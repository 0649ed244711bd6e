"""One drop: a version of a manifest, and how far its jobs have come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from video_pipeline.domain.events import Event
from video_pipeline.domain.problem import Problem


class DropState(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Drop:
    """What the ledger knows of one drop.

    `metadata` is what all its jobs have in common; `remaining` counts jobs that have not ended.
    `closings` counts how often it was completed: a redriven job opens its drops again.
    `view` numbers the receipts; `covered_at` is when the jobs shown by the last one were read.
    The run of the job `owed_by` has promised to show them as they are after `owed_after`.
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
    owed_by: str | None = None
    owed_after: datetime | None = None
    closings: int = 0
    completion: Event | None = None
    told: bool = False

    @property
    def can_close(self) -> bool:
        return self.state is DropState.ACCEPTED and self.remaining == 0

    @property
    def is_next_view_owed(self) -> bool:
        """Say whether a run waits to take the next view, which shows all that is known now."""
        return self.owed_after is not None and self.owed_after == self.viewed_at


def common_metadata(jobs: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return the pairs that every job of a manifest carries."""
    if not jobs:
        return {}
    first, *others = jobs
    return {name: text for name, text in first.items() if all(o.get(name) == text for o in others)}
