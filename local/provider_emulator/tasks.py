import secrets
import string
from typing import Any

from pydantic import BaseModel, ConfigDict

from provider_emulator.faults import Fault

ID_PREFIX = "task-unified-"
ID_LETTERS = string.ascii_lowercase + string.digits
ENDED = ("completed", "failed", "cancelled")


class Order(BaseModel):
    """A request after defaults: what is to be made."""

    model_config = ConfigDict(frozen=True)

    model: str
    prompt: str
    image_urls: tuple[str, ...] = ()
    video_urls: tuple[str, ...] = ()
    audio_urls: tuple[str, ...] = ()
    duration: int = 5
    quality: str = "720p"
    aspect_ratio: str = "16:9"
    generate_audio: bool = True
    content_filter: bool = True
    callback_url: str | None = None


class Failure(BaseModel):
    """Why a task failed: a business code (contract 5.3) and a message."""

    model_config = ConfigDict(frozen=True)

    code: str
    message: str


class Film(BaseModel):
    """The finished file, and what was measured on the way to it."""

    model_config = ConfigDict(frozen=True)

    path: str
    width: int
    height: int


class Task(BaseModel):
    """One task as the provider's books hold it; money in uc, times on the emulator's clock."""

    model_config = ConfigDict(frozen=True)

    id: str
    account: str
    api_key: str
    request: dict[str, Any]
    order: Order
    idempotency_key: str | None = None
    status: str = "pending"
    created: float
    starts_at: float
    ends_at: float
    ended: float | None = None
    history: tuple[tuple[str, float], ...] = ()
    reserved_uc: int
    charged_uc: int | None = None
    failure: Failure | None = None
    film: Film | None = None
    input_seconds: float | None = None
    references: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    callback_due: bool = False
    dead_links: int = 0

    def moved(self, status: str, now: float, **changes: object) -> "Task":
        """Return the task in its next state, with the time written down."""
        history = (*self.history, (status, now))
        return self.model_copy(update={"status": status, "history": history, **changes})

    def fault(self, kind: str) -> Fault | None:
        return next((each for each in self.faults if each.kind == kind), None)

    def subject(self) -> dict[str, str | None]:
        """Return what a fault's match looks at."""
        return {
            "task_id": self.id,
            "api_key": self.api_key,
            "idempotency_key": self.idempotency_key,
            "prompt": self.order.prompt,
            "callback_url": self.order.callback_url,
        }

    @property
    def suffix(self) -> str:
        return self.id.rsplit("-", 1)[-1]


def new_task_id(now: float) -> str:
    suffix = "".join(secrets.choice(ID_LETTERS) for _ in range(8))
    return f"{ID_PREFIX}{int(now)}-{suffix}"
