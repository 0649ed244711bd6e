"""Why a job or a manifest ended as it did: stable codes, and what a person should do next."""

from typing import NamedTuple


class Reason(NamedTuple):
    """One code: what it means, whether the provider charges, what a person should do next."""

    meaning: str
    charged: str
    next_step: str


_AGAIN = "redrive it (`video-pipeline redrive JOB`) or drop it again in a manifest of its own."
_ASK = "`video-pipeline redrive JOB` asks the provider again, without paying."

REASONS = {
    "archived": Reason(
        "The video lies in the archive.",
        "yes",
        "Nothing to do: the video lies in the archive.",
    ),
    "invalid_media": Reason(
        "A reference is missing, unreadable or beyond the provider's limits.",
        "no",
        "Mend the named reference, then drop the manifest again with the job edited.",
    ),
    "refused": Reason(
        "The provider refused the request before making a task.",
        "no",
        "Mend what the provider's message names, then drop the manifest again.",
    ),
    "credit_cap": Reason(
        "The day's credit limit has no room for the job.",
        "no",
        f"Raise the daily credit limit or wait for the next UTC day, then {_AGAIN}",
    ),
    "deadline": Reason(
        "The job's deadline passed before it was paid.",
        "no",
        "The deadline passed before payment; drop the manifest again with a later one, "
        "or redrive the job with `video-pipeline redrive JOB --deadline TIME`.",
    ),
    "cancelled": Reason(
        "A person cancelled the job before it was paid.",
        "no",
        f"Nothing to do: the job was cancelled before payment. To have it after all, {_AGAIN}",
    ),
    "moderation": Reason(
        "The provider's moderation refused prompt, reference or result.",
        "no",
        "Change the prompt or the reference that the message names; "
        "the same input will be refused again.",
    ),
    "rejected_input": Reason(
        "The task failed because of what was asked for.",
        "no",
        "Mend what the provider's message names, then drop the edited manifest.",
    ),
    "cancelled_by_provider": Reason(
        "The provider cancelled the task.",
        "no",
        f"The provider cancelled the task without charge; {_AGAIN}",
    ),
    "generation_failed": Reason(
        "The task failed for a reason that promises nothing of another attempt.",
        "no",
        f"Nothing was charged: {_AGAIN} Change the prompt if it fails again.",
    ),
    "attempts_exhausted": Reason(
        "The task failed for a passing reason in every attempt that was allowed.",
        "no",
        f"The provider failed every attempt without charge; wait a while, then {_AGAIN}",
    ),
    "task_gone": Reason(
        "The provider no longer knows the task.",
        "unknown",
        "The provider no longer knows the task; look it up in the provider's dashboard "
        f"before buying the job again, because it may have been charged. {_ASK}",
    ),
    "task_stuck": Reason(
        "The provider did not finish the task within StuckAfterHours.",
        "unknown",
        "The provider never finished the task; ask its support with the task id "
        f"before buying the job again, because it may still be charged. {_ASK}",
    ),
    "empty_result": Reason(
        "The task completed and names no video.",
        "yes",
        f"The provider finished without a video; ask its support with the task id. {_ASK}",
    ),
    "link_expired": Reason(
        "The video could not be copied before its link died.",
        "yes",
        "The video could not be copied before its link died; "
        f"ask the provider's support for the file with the task id. {_ASK}",
    ),
    "unconfirmed": Reason(
        "The answer of the paid call was lost; no end yet, and a late callback mends it.",
        "unknown",
        "The answer of the paid call was lost and no callback came: look for the task "
        "in the provider's dashboard. The job goes on by itself if its callback still arrives, "
        "or if reconcile finds its task in the provider's list; `video-pipeline redrive JOB` looks "
        "at once. Pay again, with --force, only when you are sure that no task exists.",
    ),
    "undeliverable": Reason(
        "The job's worker failed every time that it was handed the job.",
        "no",
        f"The job could not be handed to its worker; look at its log, then {_AGAIN}",
    ),
}
"""Every reason of a job; `unconfirmed` alone is no end."""

MANIFEST_REASONS = {
    "invalid_manifest": Reason(
        "The manifest has errors.",
        "no",
        "Do what the receipt says of each error, then drop the manifest again.",
    ),
    "undeliverable": Reason(
        "The pipeline failed every time that it tried to take the manifest in.",
        "no",
        "Drop the manifest again; if it fails again, show the receipt to who runs the pipeline: "
        "`video-pipeline redrive MANIFEST` takes this very drop in again.",
    ),
}
"""Every reason why a manifest is rejected."""

FAILURES = REASONS.keys() - {"archived", "unconfirmed"}

NEXT_STEPS = {code: reason.next_step for code, reason in REASONS.items()}

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
