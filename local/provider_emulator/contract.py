"""The wire shapes of the provider, as its pages give them (contract 2, 3, 4 and 8)."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MODEL = "seedance-2.0-mini-reference-to-video"
MOST_BODY_BYTES = 64_000_000
MOST_CALLBACK_CHARACTERS = 2048
ESTIMATED_SECONDS = 165
OBJECT = "video.generation.task"

Link = Annotated[str, Field(min_length=1, json_schema_extra={"format": "uri"})]


class CreateRequest(BaseModel):
    """The body of a create call (contract 2.1 and 2.3); fields beyond it are ignored."""

    model_config = ConfigDict(strict=True, extra="allow")

    model: Annotated[str, Field(examples=[MODEL])]
    prompt: Annotated[str, Field(min_length=1)]
    image_urls: Annotated[list[Link], Field(max_length=9)] = []
    video_urls: Annotated[list[Link], Field(max_length=3)] = []
    audio_urls: Annotated[list[Link], Field(max_length=3)] = []
    duration: Annotated[int, Field(ge=4, le=15)] = 5
    quality: Literal["480p", "720p"] = "720p"
    aspect_ratio: Literal["16:9", "9:16", "1:1", "4:3", "3:4", "21:9", "adaptive"] | None = None
    generate_audio: bool = True
    content_filter: bool = True
    callback_url: Annotated[Link, Field(max_length=MOST_CALLBACK_CHARACTERS)] | None = None


class TaskInfo(BaseModel):
    can_cancel: bool
    estimated_time: Annotated[int, Field(ge=0)] | None = None
    video_duration: int | None = None


class TaskError(BaseModel):
    code: str
    message: str
    type: Literal["task_error"]


class TaskAnswer(BaseModel):
    """What create and read answer, and a callback delivers (contract 3 and 4)."""

    id: str
    object: str
    created: int
    model: str
    type: str
    status: str
    progress: Annotated[int, Field(ge=0, le=100)]
    task_info: TaskInfo
    results: list[str] | None = None
    error: TaskError | None = None
    usage: dict[str, Any] | None = None


class ErrorFields(BaseModel):
    """Both styles of contract 5.1: `code` is a string or a number."""

    code: str | int
    message: str
    type: str
    param: str | None = None


class ErrorAnswer(BaseModel):
    error: ErrorFields


class BatchRequest(BaseModel):
    model_config = ConfigDict(strict=True)

    task_ids: Annotated[list[str], Field(min_length=1, max_length=50)]


class BatchAnswer(BaseModel):
    data: list[TaskAnswer]


class ListItem(BaseModel):
    """A task in the account's list: no links (contract 8.4)."""

    id: str
    model: str
    type: str
    status: str
    progress: int
    created_at: int
    duration: int
    has_results: bool
    result_count: int
    has_error: bool
    credits_used: float


class ListAnswer(BaseModel):
    data: list[ListItem]
    total: int
    page: int
    page_size: int


class CreditsAnswer(BaseModel):
    success: bool
    data: dict[str, dict[str, Any]]


class ModelsAnswer(BaseModel):
    object: Literal["list"]
    data: list[dict[str, Any]]
