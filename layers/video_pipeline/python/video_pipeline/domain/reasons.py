"""Why a job ended as it did: a stable code, and what a person should do next."""

NEXT_STEPS = {
    "archived": "Nothing to do: the video lies in the archive.",
    "invalid_media": "Mend the named reference, then drop the manifest again with the job edited.",
    "refused": "Mend what the provider's message names, then drop the manifest again.",
    "credit_cap": "Raise the daily credit limit or wait for the next UTC day, "
    "then drop the job again in a manifest of its own.",
    "deadline": "The deadline passed before payment; drop the manifest again with a later one.",
    "cancelled": "Nothing to do: the job was cancelled before payment.",
    "moderation": "Change the prompt or the reference that the message names; "
    "the same input will be refused again.",
    "rejected_input": "Mend what the provider's message names, then drop the edited manifest.",
    "cancelled_by_provider": "The provider cancelled the task without charge; drop the job again "
    "in a manifest of its own.",
    "generation_failed": "Drop the job again in a manifest of its own; "
    "change the prompt if it fails again.",
    "attempts_exhausted": "The provider failed every attempt without charge; "
    "drop the job again later in a manifest of its own.",
    "task_gone": "The provider no longer knows the task; look it up in the provider's dashboard "
    "before dropping the job again, because it may have been charged.",
    "task_stuck": "The provider never finished the task; ask its support with the task id "
    "before dropping the job again, because it may still be charged.",
    "empty_result": "The provider finished without a video; ask its support with the task id.",
    "link_expired": "The video could not be copied before its link died; "
    "ask the provider's support for the file with the task id.",
    "unconfirmed": "The answer of the paid call was lost and no callback came: look for the task "
    "in the provider's dashboard. The job goes on by itself if its callback still arrives; "
    "drop it again in a manifest of its own only when you are sure that no task exists.",
    "undeliverable": "The job could not be handed to its worker; look at its log, "
    "then drop the job again in a manifest of its own.",
}
"""Every reason, with its next step in plain words."""

RETRYABLE_CODES = frozenset(
    {
        "generation_failed_no_content",
        "service_error",
        "generation_timeout",
        "resource_exhausted",
        "quota_exceeded",
        "service_unavailable",
        "model_unavailable",
        "upstream_error",
        "rate_limited",
    }
)
"""Business codes of failed, unbilled tasks worth another attempt [docs, error code reference].

`unknown_error` and codes not listed anywhere end the job: an unknown verdict is never retried.
"""

MODERATION_CODES = frozenset(
    {
        "content_policy_violation",
        "content_filter",
        "sensitive_content",
        "moderation_blocked",
        "input_moderation_failed",
    }
)

INPUT_CODES = frozenset(
    {
        "invalid_parameters",
        "invalid_audio",
        "image_processing_error",
        "image_dimension_mismatch",
        "resource_not_found",
    }
)


def reason_of_failed_task(code: str | None) -> str:
    if code in MODERATION_CODES:
        return "moderation"
    if code in INPUT_CODES:
        return "rejected_input"
    if code == "request_cancelled":
        return "cancelled_by_provider"
    if code in RETRYABLE_CODES or (code or "").startswith("channel_"):
        return "attempts_exhausted"
    return "generation_failed"


def is_worth_another_attempt(code: str | None) -> bool:
    return code in RETRYABLE_CODES or (code or "").startswith("channel_")
