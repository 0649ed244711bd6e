"""Everything that the laws are judged by, as plain values."""

from dataclasses import dataclass, field
from typing import Any

from crash_proof.ledger import Row


@dataclass(frozen=True)
class Task:
    """One task in the provider's books.

    `told` when a callback that names it was taken, `film` the SHA-256 of what was rendered.
    """

    id: str
    prompt: str
    callback_url: str
    created: float
    ended: float | None
    status: str
    charged: int
    told: bool
    film: str | None

    @property
    def job_id(self) -> str:
        return self.callback_url.split("/")[-4]

    @property
    def attempt(self) -> int:
        return int(self.callback_url.split("/")[-3])

    @property
    def is_unbilled_failure(self) -> bool:
        return self.status in {"failed", "cancelled"} and self.charged == 0


@dataclass(frozen=True)
class Expectation:
    """A case that was played: its jobs and how they may end."""

    name: str
    key: str
    drop_id: str
    job_ids: tuple[str, ...]
    ends: frozenset[str]
    no_video: bool = False


@dataclass(frozen=True)
class Evidence:
    """The state of everything when all is over; amounts of money in the ledger's units.

    `receipts` are named by their drops, `newest_receipts` by their manifests.
    """

    cases: tuple[Expectation, ...]
    tasks: tuple[Task, ...]
    jobs: dict[str, Row]
    drops: dict[str, Row]
    days: tuple[Row, ...]
    receipts: dict[str, dict[str, Any]]
    newest_receipts: dict[str, dict[str, Any]]
    events: tuple[dict[str, Any], ...]
    archive: dict[str, str]
    executions: frozenset[str] = frozenset()
    running: frozenset[str] = frozenset()
    messages: dict[str, int] = field(default_factory=dict)
