"""The shape of a manifest: its fields, types, defaults and plain limits.

Validation reads it part by part (manifest_check.py), the JSON Schema is generated from it
(manifest_schema.py). Rules that look at more than one field are in domain/manifest_rules.py.
"""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from video_pipeline.domain.limits import LIMITS, AspectRatio, Quality

# The domain's MODEL, spelled out because a type cannot read a constant.
ModelId = Literal["seedance-2.0-mini-reference-to-video"]


def without_default(schema: dict[str, Any]) -> None:
    schema.pop("default")


Prompt = Annotated[str, Field(pattern=r"\S", max_length=LIMITS["prompt"].most)]
Reference = Annotated[str, Field(min_length=1, max_length=LIMITS["reference"].most)]
Images = Annotated[list[Reference], Field(max_length=LIMITS["image_urls"].most)]
Videos = Annotated[list[Reference], Field(max_length=LIMITS["video_urls"].most)]
Audios = Annotated[list[Reference], Field(max_length=LIMITS["audio_urls"].most)]
Duration = Annotated[int, Field(ge=LIMITS["duration"].least, le=LIMITS["duration"].most)]
Name = Annotated[
    str,
    Field(
        # At least one character that is no dot: "." and ".." are no names of an object.
        pattern=r"^[A-Za-z0-9._-]*[A-Za-z0-9_-][A-Za-z0-9._-]*$",
        max_length=LIMITS["name"].most,
    ),
]


Value = TypeVar("Value")
Axis = Annotated[list[Value], Field(min_length=1, max_length=LIMITS["matrix"].most)]


class Part(BaseModel):
    """Anything with keys of its own; whatever is not listed is refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Matrix(Part):
    """Lists of values; every combination of them becomes a job of its own."""

    prompt: Axis[Prompt] = []
    image_urls: Axis[Images] = []
    video_urls: Axis[Videos] = []
    audio_urls: Axis[Audios] = []
    duration: Axis[Duration] = []
    quality: Axis[Quality] = []
    aspect_ratio: Axis[AspectRatio] = []
    generate_audio: Axis[bool] = []
    content_filter: Axis[bool] = []


class Defaults(Part):
    """What holds for every job that does not say otherwise."""

    model: ModelId = Field(
        default="seedance-2.0-mini-reference-to-video",
        description="Accepted so that a request body is a manifest; no other model is served.",
    )
    prompt: Prompt = Field(
        default="",
        description="What the video shows; references are named by number, as in 'image 1'.",
        json_schema_extra=without_default,
    )
    image_urls: Images = Field(
        default=[],
        description="Reference images: https links, s3://bucket/key, or paths beside the manifest.",
    )
    video_urls: Videos = Field(
        default=[], description="Reference videos; their seconds are billed too."
    )
    audio_urls: Audios = Field(
        default=[], description="Reference audio; needs at least one image or video beside it."
    )
    duration: Duration = Field(default=5, description="Seconds of video; billed by the second.")
    quality: Quality = Field(default="720p", description="Resolution of the video.")
    aspect_ratio: AspectRatio = Field(default="16:9", description="Shape of the video.")
    generate_audio: bool = Field(default=True, description="Whether the video has sound.")
    content_filter: bool = Field(
        default=True, description="false relaxes the provider's filter and costs 10 % more."
    )
    metadata: dict[str, str] = Field(
        default={},
        max_length=LIMITS["metadata"].most,
        description="Your own texts; they travel to events, sidecar and receipt.",
    )
    deadline: str = Field(
        default="",
        pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$",
        description="Not paid for after this instant: ISO 8601 with zone, 2026-12-24T18:00:00Z.",
        json_schema_extra=without_default,
    )


class Job(Defaults):
    """One video, or one per combination when it has a matrix."""

    name: Name = Field(
        default="",
        description="Names the folder of the result; unique in the manifest.",
        json_schema_extra=without_default,
    )
    matrix: Matrix = Field(
        default=Matrix(),
        description="Lists of values per field; the product of all lists becomes jobs.",
        json_schema_extra=without_default,
    )


class Settings(Part):
    """What concerns the manifest as a whole."""

    schema_: str = Field(
        default="",
        alias="$schema",
        description="Where an editor finds this schema; ignored otherwise.",
        json_schema_extra=without_default,
    )
    model: ModelId = "seedance-2.0-mini-reference-to-video"
    rerun: bool = Field(default=False, description="Buy every job again, on purpose.")
    strict: bool = Field(default=False, description="Refuse the manifest for warnings too.")
    max_credits: float = Field(
        default=1,
        gt=0,
        le=LIMITS["max_credits"].most,
        allow_inf_nan=False,
        description="What all jobs together may cost at most.",
        json_schema_extra=without_default,
    )
