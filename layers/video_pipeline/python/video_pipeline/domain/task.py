"""The provider's unit of work, as far as we believe in it."""

from dataclasses import dataclass
from enum import StrEnum


class TaskStatus(StrEnum):
    """Three words are enough: whatever the provider calls unfinished is running."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Task:
    """One authenticated read of a task; `created` in Unix seconds, money in units."""

    id: str
    status: TaskStatus
    model: str
    created: int
    links: tuple[str, ...] = ()
    error_code: str | None = None
    error_message: str | None = None
    charged: int | None = None
    video_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class TaskGone:
    """The provider knows no such task, or no longer."""

    id: str


@dataclass(frozen=True, slots=True)
class ListedTask:
    """One line of the account's list, which names neither links nor what was asked for."""

    id: str
    status: TaskStatus
    model: str
    created: int
