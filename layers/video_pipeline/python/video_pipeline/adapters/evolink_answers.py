"""The provider's words, translated into ours.

Sources: the provider's pages on the video API and on task queries, and, where those are silent,
what its own clients expect. Numbers are believed only when they are numbers.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from video_pipeline.domain.answers import (
    AccountRefused,
    AccountTrouble,
    CreateAnswer,
    Created,
    Refused,
    Unknown,
)
from video_pipeline.domain.credits import to_units
from video_pipeline.domain.reasons import INPUT_CODES, MODERATION_CODES
from video_pipeline.domain.task import Task, TaskStatus

MESSAGE_LENGTH = 500
LONGEST_RETRY_AFTER = 86_400
TASK_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")

DEFINITE_NO = frozenset({400, 401, 402, 403, 404, 413, 429})
OUTCOME_UNKNOWN = frozenset({"paid_outcome_unknown", "idempotency_conflict"})
SERVER_ERROR = 500

TROUBLE_OF_STATUS = {
    401: AccountTrouble.UNAUTHORIZED,
    402: AccountTrouble.QUOTA,
    403: AccountTrouble.FORBIDDEN,
    404: AccountTrouble.FORBIDDEN,  # a create call names nothing but the model
    429: AccountTrouble.RATE_LIMIT,
}
TROUBLE_OF_CODE = {
    "key_disabled": AccountTrouble.UNAUTHORIZED,
    "key_expired": AccountTrouble.UNAUTHORIZED,
    "user_disabled": AccountTrouble.UNAUTHORIZED,
    "key_model_not_allowed": AccountTrouble.FORBIDDEN,
    "model_access_denied": AccountTrouble.FORBIDDEN,
    "insufficient_quota": AccountTrouble.QUOTA,
    "insufficient_user_quota": AccountTrouble.QUOTA,
    "quota_not_enough": AccountTrouble.QUOTA,
    "account_balance_insufficient": AccountTrouble.QUOTA,
    "insufficient_token_quota": AccountTrouble.QUOTA,
    "key_quota_exhausted": AccountTrouble.QUOTA,
    "token_daily_quota_exceeded": AccountTrouble.QUOTA,
    "key_daily_quota_exhausted": AccountTrouble.QUOTA,
    "rate_limit_exceeded": AccountTrouble.RATE_LIMIT,
    "no_available_channel": AccountTrouble.RATE_LIMIT,
    "channel_selection_failed": AccountTrouble.RATE_LIMIT,
    "model_unavailable": AccountTrouble.RATE_LIMIT,
    "service_unavailable": AccountTrouble.RATE_LIMIT,
}
ABOUT_THE_JOB = MODERATION_CODES | INPUT_CODES

_REQUEST_ID = re.compile(r"(\s*[\[(]\s*request[ _]?id\s*:[^)\]]*[)\]])+\s*$", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)
_KEY = re.compile(r"\bsk-[\w-]{4,}|\bbearer\s+\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole HTTP answer, header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - the range that HTTP calls success

    def fields(self) -> Mapping[str, object]:
        """Return the JSON object that the body holds, empty when it holds none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return _object(found)


@dataclass(frozen=True, slots=True)
class WireError:
    """The contract's error body; both of its styles have one of code and message at least."""

    code: str
    kind: str
    message: str

    @classmethod
    def of(cls, fields: Mapping[str, object]) -> "WireError | None":
        error = _object(fields.get("error"))
        code, kind = _code(error.get("code")), _text(error.get("type"))
        message = _text(error.get("message"))
        if not (code or message):
            return None
        return cls(code, kind, clean(message))

    @property
    def name(self) -> str:
        """Return the word that says most: older pages put the HTTP number where the code is."""
        return self.kind if self.kind and (not self.code or self.code.isdigit()) else self.code


def create_answer(answer: Answer, now: datetime) -> CreateAnswer:
    """Tell what the answer to the paid call proves; in doubt it proves nothing."""
    fields = answer.fields()
    if answer.is_success:
        return _created(answer, fields)
    error = WireError.of(fields)
    if answer.status not in DEFINITE_NO or error is None or _leaves_open(error):
        words = f"{error.name}: {error.message}" if error else "no answer that the contract knows"
        return Unknown(f"HTTP {answer.status}, {words}", answer.status)
    trouble = _trouble(answer.status, error)
    if trouble is None:
        return Refused(answer.status, error.name, error.message)
    wait = _retry_after(answer.headers.get("retry-after"), now)
    return AccountRefused(trouble, answer.status, error.name, error.message, wait)


def task_of(fields: Mapping[str, object], task_id: str) -> Task | None:
    """Return the task that a read tells, None when it tells of no such thing."""
    status = fields.get("status")
    if fields.get("id") != task_id or not isinstance(status, str):
        return None
    error = WireError.of(fields)
    is_cancelled = status in {"cancelled", "canceled"}
    return Task(
        id=task_id,
        status=TaskStatus.FAILED if is_cancelled else _STATUSES.get(status, TaskStatus.RUNNING),
        model=_text(fields.get("model")),
        created=int(_number(fields.get("created")) or 0),
        links=_links(fields.get("results")),
        error_code="request_cancelled" if is_cancelled else (error and error.code) or None,
        error_message=(error and error.message) or None,
        charged=_charged(fields),
        video_seconds=_video_seconds(fields),
    )


def remaining_of(fields: Mapping[str, object]) -> int | None:
    """Return the units that may still be spent: the scarcer of the account's and the key's."""
    told = _object(fields.get("data"))
    token = _object(told.get("token"))
    left = [_units(_object(told.get("user")).get("remaining_credits"))]
    if token.get("unlimited_credits") is not True:
        left.append(_units(token.get("remaining_credits")))
    return min((units for units in left if units is not None), default=None)


def clean(message: str) -> str:
    """Return a message fit for a person and a log: short, one line, no links, no keys."""
    flat = " ".join(_REQUEST_ID.sub("", message[: 8 * MESSAGE_LENGTH]).split())
    safe = _KEY.sub("[key]", _LINK.sub(_host_alone, flat))
    safe = "".join(character for character in safe if character.isprintable())
    return safe if len(safe) <= MESSAGE_LENGTH else safe[: MESSAGE_LENGTH - 1] + "…"


_STATUSES = {"completed": TaskStatus.COMPLETED, "failed": TaskStatus.FAILED}


def _created(answer: Answer, fields: Mapping[str, object]) -> CreateAnswer:
    task_id = fields.get("id")
    if not isinstance(task_id, str) or not TASK_ID.fullmatch(task_id):
        return Unknown(f"HTTP {answer.status} without a task id", answer.status)
    return Created(task_id, _units(_object(fields.get("usage")).get("credits_reserved")))


def _leaves_open(error: WireError) -> bool:
    """Say whether the error's own words outweigh a status that sounds definite."""
    is_server_error = error.code.isdigit() and int(error.code[:9]) >= SERVER_ERROR
    return is_server_error or not OUTCOME_UNKNOWN.isdisjoint({error.code, error.kind})


def _trouble(status: int, error: WireError) -> AccountTrouble | None:
    """Return what is wrong with the account, None when the answer is about the job."""
    if not ABOUT_THE_JOB.isdisjoint({error.code, error.kind}):
        return None
    return TROUBLE_OF_CODE.get(error.code) or TROUBLE_OF_STATUS.get(status)


def _retry_after(value: str | None, now: datetime) -> int | None:
    """Read seconds or an HTTP date; what is neither says nothing."""
    if value is None:
        return None
    if re.fullmatch(r"[0-9]{1,9}", value.strip()):
        return min(int(value), LONGEST_RETRY_AFTER)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    seconds = math.ceil((until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())
    return min(max(seconds, 0), LONGEST_RETRY_AFTER)


def _charged(fields: Mapping[str, object]) -> int | None:
    """Return the final charge from the first of the places where it may be told."""
    usage = _object(fields.get("usage"))
    billing = _object(fields.get("billing"))
    told = [usage.get("credits_used"), _object(usage.get("cost")).get("credits")]
    if billing.get("refund_scope") == "account_balance":  # else the rest is not to be trusted
        told.append(billing.get("charged_credits"))
    return next((units for units in map(_units, told) if units is not None), None)


def _video_seconds(fields: Mapping[str, object]) -> int | None:
    task_info = _object(fields.get("task_info"))
    told = (task_info.get("video_duration"), fields.get("video_duration"))
    return next((round(value) for value in map(_number, told) if value is not None), None)


def _links(results: object) -> tuple[str, ...]:
    found = results if isinstance(results, list) else []
    return tuple(link for link in found if isinstance(link, str) and link)


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _code(value: object) -> str:
    """Return a business code as text; older pages write a number."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else clean(_text(value))


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _units(credit_count: object) -> int | None:
    number = _number(credit_count)
    return None if number is None else to_units(number)


def _host_alone(link: re.Match[str]) -> str:
    try:
        return f"[link to {urlsplit(link[0]).hostname}]"
    except ValueError:
        return "[link]"
