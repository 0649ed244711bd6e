"""Where ledger, provider and archive do not agree."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    FORSAKEN_JOB = "forsaken_job"  # work is left, and nobody is at it
    UNCONFIRMED_JOB = "unconfirmed_job"  # nobody knows whether a task was bought
    TASK_WITHOUT_JOB = "task_without_job"  # the provider holds one that no job owns
    UNARCHIVED_VIDEO = "unarchived_video"  # finished and paid, and not in the archive
    LOST_OBJECT = "lost_object"  # archived, and gone from the archive
    OPEN_DROP = "open_drop"  # all its jobs have ended, and it was not closed or not told
    UNREADABLE_LIST = "unreadable_list"  # the provider does not show its list of tasks


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One thing that was found; `repaired` if it takes its way by itself from here."""

    kind: Kind
    what: str
    job_id: str | None = None
    task_id: str | None = None
    drop_id: str | None = None
    repaired: bool = False
