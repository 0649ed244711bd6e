from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

DAY_SECONDS = 86_400

Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
Seconds = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]


class Settings(BaseModel):
    """The switches: each is a command line option and a field of `PUT /_emulator/settings`.

    A description ends with its source: a mark of the contract, or "our guess".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model_available: bool = Field(
        default=True,
        description="whether keys may use the model; if not, create answers 403 (11.1: disputed)",
    )
    default_aspect_ratio: Literal["16:9", "adaptive"] = Field(
        default="16:9", description="ratio of a request that names none (11.2: seed; later page)"
    )
    prompt_token_limit: Count = Field(
        default=0,
        description="longest prompt in estimated tokens, 0 for none (11.3: seed states none)",
    )
    require_media: bool = Field(
        default=False, description="refuse a request without image and video (11.5: disputed)"
    )
    refuse_unknown_fields: bool = Field(
        default=False, description="refuse fields that the contract does not name (2.1: unknown)"
    )
    refuse_null: bool = Field(
        default=False, description="refuse null instead of reading it as absent (2.1: unknown)"
    )
    lenient_numbers: bool = Field(
        default=False, description="take numbers and booleans spelled as strings (2.1: unknown)"
    )
    deferred_validation: bool = Field(
        default=False,
        description="accept broken requests and fail their tasks later (11.12: unknown)",
    )
    error_style: Literal["A", "B"] = Field(
        default="A", description="A: code is a string; B: code is the HTTP number (11.6, 5.1)"
    )
    cancelled_form: Literal["status", "failed"] = Field(
        default="status",
        description="a cancelled task shows as its own status or as failed (11.7: disputed)",
    )
    idempotency_ledger: bool = Field(
        default=False, description="honour Idempotency-Key (11.10: only vendor clients know it)"
    )
    idempotency_seconds: Seconds = Field(
        default=DAY_SECONDS, description="how long the ledger remembers a key (8.2: inference)"
    )
    callbacks: bool = Field(default=True, description="send callbacks at all (6: seed)")
    callback_timeout_seconds: Seconds = Field(
        default=10, description="limit of one delivery, in real seconds (6: seed)"
    )
    callback_waits: tuple[Seconds, ...] = Field(
        default=(1, 2, 4), description="seconds before each retry (6: seed)"
    )
    callback_wait_clock: Literal["real", "emulator"] = Field(
        default="real", description="which clock measures the waits before retries (our switch)"
    )
    billing_object: bool = Field(
        default=False, description="add the `billing` object to tasks (4.1: vendor clients only)"
    )
    final_charge: Literal["credits_used", "cost", "both", "none"] = Field(
        default="credits_used", description="where a completed task states its charge (4.1)"
    )
    reserved_input_seconds: Annotated[float, Field(ge=0, le=15)] = Field(
        default=15, description="input video seconds assumed when reserving (7.2: unknown)"
    )
    pending_seconds: Seconds = Field(
        default=15, description="emulator seconds a task stays pending (3: example sum of 165)"
    )
    processing_seconds: Seconds = Field(
        default=150, description="emulator seconds it is processing, at least (3: the same)"
    )
    link_seconds: Seconds = Field(
        default=DAY_SECONDS, description="how long a result link lives (4.4: seed)"
    )
    task_record_seconds: Seconds = Field(
        default=0, description="how long a finished task can be read, 0 for ever (4.4: unknown)"
    )
    creates_per_minute: Count = Field(
        default=0, description="creates per account and minute, 0 for no limit (8.1: unpublished)"
    )
    concurrent_tasks: Count = Field(
        default=0, description="unfinished tasks per account, 0 for no limit (8.1: unpublished)"
    )
    over_limit: Literal["429", "fail"] = Field(
        default="429", description="beyond a limit: refuse, or fail with quota_exceeded (8.1)"
    )
    retry_after_seconds: Count = Field(
        default=0, description="Retry-After of a 429 of the limits, 0 for no header (8.1)"
    )
    rendering: Literal["full", "lazy", "clip"] = Field(
        default="full",
        description="draw before completion, at the first download, or a signed clip (our switch)",
    )
    reference_timeout_seconds: Seconds = Field(
        default=30, description="real seconds to fetch one reference (2.3: unknown)"
    )
    reference_redirects: Annotated[int, Field(ge=0, le=20)] = Field(
        default=3, description="redirects followed to fetch a reference (2.3: unknown)"
    )
