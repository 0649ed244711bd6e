"""Numbers for people who watch, each with one dimension of few values at most.

A job's id is never a dimension: logs tell of jobs, figures of all of them together.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from video_pipeline.domain.job import JobState
from video_pipeline.domain.moves import Move

COUNT, SECONDS, NONE, PERCENT = "Count", "Seconds", "None", "Percent"
STATE, REASON = "state", "reason"


@dataclass(frozen=True, slots=True)
class Figure:
    """One number; `dimension` is a name and a word."""

    name: str
    value: float
    unit: str = COUNT
    dimension: tuple[str, str] | None = None


def figures_of(move: Move) -> Iterator[Figure]:
    """Say how long the job was in the state that it leaves, and what it has come to."""
    before, after = move.before, move.after
    if after.state is before.state:
        return
    spent = (after.state_since - before.state_since).total_seconds()
    yield Figure("StageSeconds", spent, SECONDS, (STATE, before.state.value))
    if after.state in _COUNTED:
        yield Figure(_COUNTED[after.state], 1)
    if after.state is JobState.FAILED:
        yield Figure("Failed", 1, COUNT, (REASON, after.reason or "unknown"))


_COUNTED = {
    JobState.COMPLETED: "Completed",
    JobState.ARCHIVED: "Archived",
    JobState.UNCONFIRMED: "Unconfirmed",
}
