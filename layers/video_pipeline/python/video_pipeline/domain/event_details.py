"""The detail of every kind of event, as subscribers get it.

Schemas, registry and documentation are made from these types (local/event_contract):
a text beside a type describes the field, `Such` says what more is promised of its values.
What is named here may grow; to take away, rename or retype a field, raise the kind's version.
"""

from typing import Annotated, Literal, NamedTuple, TypedDict

from video_pipeline.domain.control import PAUSES
from video_pipeline.domain.reasons import FAILURES, MANIFEST_REASONS


class Such(NamedTuple):
    """Keywords of JSON Schema; `known` values may become more, those of an enumeration may not."""

    format: str | None = None
    pattern: str | None = None
    minimum: int | None = None
    const: int | None = None
    known: tuple[str, ...] = ()


Instant = Annotated[str, Such(format="date-time")]
Count = Annotated[int, Such(minimum=0)]
Ordinal = Annotated[int, Such(minimum=1)]
JobId = Annotated[str, Such(pattern="^[0-9a-f]{32}$")]
Sha256 = Annotated[str, Such(pattern="^[0-9a-f]{64}$")]
FailureReason = Annotated[str, Such(known=tuple(sorted(FAILURES)))]
RejectionReason = Annotated[str, Such(known=tuple(sorted(MANIFEST_REASONS)))]
PauseReason = Annotated[str, Such(known=tuple(sorted(PAUSES)))]
NextStep = Annotated[str, "What a person should do now, in words."]
Message = Annotated[str | None, "More about the reason, without prompts and links."]
Charged = Literal["yes", "no", "unknown"]
CreditsBy = Annotated[Literal["provider", "estimate"], "Who named the figure."]


class Place(TypedDict):
    bucket: str
    key: str
    uri: Annotated[str, "The same as s3://bucket/key."]


class Video(Place):
    version_id: Annotated[str, "Of the object; a later drop of the job may write another one."]
    link_command: Annotated[str, "Prints a link that works for an hour, if you may read the key."]
    bytes: Count
    sha256: Annotated[Sha256, "Of its bytes, as counted while they were copied."]
    crc32: Annotated[str, "As S3 keeps and writes it: head-object with checksum mode ENABLED."]
    seconds: float
    width: Count
    height: Count
    has_audio: bool
    replaces_version_id: Annotated[str | None, "What lay under the key before, and still does."]


class ManifestName(TypedDict):
    bucket: str
    key: str
    version_id: str
    drop_id: Annotated[str, "Of this version of the manifest; names its receipt and report."]


class JobName(TypedDict):
    id: Annotated[JobId, "The same in logs, ledger, execution and receipt."]
    name: str
    attempt: Annotated[Ordinal, "Paid calls of this job so far, this one included."]
    task_id: Annotated[str | None, "The provider's, once it is known."]
    manifest: Annotated[ManifestName, "The drop that first asked for the job."]


class Times(TypedDict):
    """When each stage began; null as long as it has not."""

    accepted: Instant
    called: Annotated[Instant | None, "The paid call of this attempt began."]
    submitted: Annotated[Instant | None, "The provider's task became known."]
    completed: Annotated[Instant | None, "The provider's video was seen to be finished."]
    ended: Annotated[Instant | None, "Archived, failed or unconfirmed."]
    link_expires: Annotated[Instant | None, "The provider's link is dead from here on."]


class Detail(TypedDict):
    version: Annotated[str, "Rises when a change would break subscribers of this kind of event."]
    event_id: Annotated[str, "The same however often the event is told: drop repeats by it."]
    sequence: Annotated[Ordinal, "Numbers the events of one job, one drop, or the account."]
    time: Instant
    metadata: Annotated[
        dict[str, str],
        "The job's own; of a manifest, what all of its jobs have in common; of the account, none.",
    ]


class OfJob(Detail):
    job: JobName
    times: Times


class OfManifest(Detail):
    manifest: ManifestName
    receipt: Annotated[Place, "Of this very drop."]


class VideoSubmitted(OfJob):
    """The paid call succeeded: the provider works on the video."""

    credits_reserved: float


class VideoArchived(OfJob):
    """The video lies in the archive, checked."""

    reason: Literal["archived"]
    message: Message
    charged: Literal["yes"]
    credits: float
    credits_by: CreditsBy
    next_step: NextStep
    video: Video
    poster: Place
    result: Annotated[Place, "The sidecar: request, credits, checksums, media facts."]


class VideoFailed(OfJob):
    """The job ended without a video."""

    reason: Annotated[FailureReason, "From the catalogue of reasons."]
    message: Message
    charged: Charged
    credits: float
    credits_by: CreditsBy
    next_step: NextStep


class VideoUnconfirmed(OfJob):
    """The answer of the paid call was lost; nobody knows yet whether there is a task."""

    reason: Literal["unconfirmed"]
    message: Message
    charged: Literal["unknown"]
    credits_reserved: Annotated[float, "Stay reserved until the task is found or given up."]
    next_step: NextStep


class LinkAtRisk(OfJob):
    """The provider's link nears its end, and the video is not in the archive yet."""

    trouble: Annotated[str | None, "Why the last copy failed, without prompts and links."]
    tries: Annotated[Count, "Copies begun so far."]
    credits_reserved: float
    next_step: NextStep


class ManifestAccepted(OfManifest):
    """Every job of the manifest is promised."""

    jobs: Count
    warnings: Annotated[Count, "The receipt holds their words."]


class Finding(TypedDict):
    code: str
    path: Annotated[str, "Where in the manifest: a JSON path, or line and column."]


class ManifestRejected(OfManifest):
    """Nothing of the manifest was promised, and nothing was paid."""

    reason: Annotated[RejectionReason, "From the catalogue of reasons."]
    error_codes: Annotated[list[str], "Each once."]
    errors: Annotated[Count, "With too_many_errors among the codes, reading stopped there."]
    findings: Annotated[list[Finding], "The first twenty errors; the receipt holds their words."]
    charged: Literal["no"]
    credits: Annotated[float, Such(const=0)]
    next_step: NextStep


class Ends(TypedDict):
    archived: Count
    failed: Count
    unconfirmed: Count


class Report(TypedDict):
    """The same lines twice: for programs and for spreadsheets."""

    json: Place
    csv: Place


class Totals(TypedDict):
    jobs: Count
    ends: Ends
    reasons: Annotated[dict[str, int], "How many jobs ended for each reason."]
    credits: Annotated[float, "Charged for all jobs, by whichever drop they were bought."]
    credits_of_this_drop: Annotated[float, "Charged for the jobs that this drop bought."]
    credits_reserved: Annotated[float, "Still held for jobs that are unconfirmed."]


class ManifestCompleted(OfManifest, Totals):
    """Every job of the manifest has ended, each in its own way."""

    report: Annotated[Report, "Each job with its end, its cost and its key."]


class Account(TypedDict):
    paused: bool


class OfAccount(Detail):
    account: Account
    reason: Annotated[PauseReason, "Why submission was paused."]


class SubmissionPaused(OfAccount):
    """Nothing is submitted until the pause ends; jobs wait and nothing is lost."""

    message: Annotated[str, "More about the reason, without keys and links."]
    next_step: NextStep


class SubmissionResumed(OfAccount):
    """Submission goes on."""

    resumed_by: Literal["person", "probe"]
    paused_since: Instant
