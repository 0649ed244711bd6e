"""The provider's words, translated into ours.

A definite no is one that the contract knows; whatever else comes back proves nothing.
"""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from video_pipeline.adapters.evolink_wire import (
    Answer,
    WireError,
    clean,
    number_in,
    object_in,
    text_in,
    units_in,
)
from video_pipeline.domain.answers import (
    AccountRefused,
    AccountTrouble,
    CreateAnswer,
    Created,
    Refused,
    Unknown,
)
from video_pipeline.domain.reasons import INPUT_CODES, MODERATION_CODES
from video_pipeline.domain.task import ListedTask, Task, TaskStatus

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
        model=clean(text_in(fields.get("model"))),
        created=int(number_in(fields.get("created")) or 0),
        links=_links(fields.get("results")),
        error_code="request_cancelled" if is_cancelled else (error and error.code) or None,
        error_message=(error and error.message) or None,
        charged=_charged(fields),
        video_seconds=_video_seconds(fields),
    )


def listed_tasks(fields: Mapping[str, object]) -> list[ListedTask] | None:
    """Return the tasks that a page of the list names, None when it is no such page."""
    lines = fields.get("data")
    if not isinstance(lines, list):
        return None
    return [task for task in map(_listed_task, map(object_in, lines)) if task is not None]


def _listed_task(line: Mapping[str, object]) -> ListedTask | None:
    task_id, created = text_in(line.get("id")), number_in(line.get("created_at"))
    if not TASK_ID.fullmatch(task_id) or created is None:
        return None
    status = _STATUSES.get(text_in(line.get("status")), TaskStatus.RUNNING)
    return ListedTask(task_id, status, clean(text_in(line.get("model"))), int(created))


def remaining_of(fields: Mapping[str, object]) -> int | None:
    """Return the units that may still be spent: the scarcer of the account's and the key's."""
    told = object_in(fields.get("data"))
    token = object_in(told.get("token"))
    left = [units_in(object_in(told.get("user")).get("remaining_credits"))]
    if token.get("unlimited_credits") is not True:
        left.append(units_in(token.get("remaining_credits")))
    return min((units for units in left if units is not None), default=None)


_STATUSES = {"completed": TaskStatus.COMPLETED, "failed": TaskStatus.FAILED}


def _created(answer: Answer, fields: Mapping[str, object]) -> CreateAnswer:
    task_id = fields.get("id")
    if not isinstance(task_id, str) or not TASK_ID.fullmatch(task_id):
        return Unknown(f"HTTP {answer.status} without a task id", answer.status)
    return Created(task_id, units_in(object_in(fields.get("usage")).get("credits_reserved")))


def _leaves_open(error: WireError) -> bool:
    """Say whether the error's own words outweigh a status that sounds definite."""
    is_server_error = error.code.isdecimal() and int(error.code[:9]) >= SERVER_ERROR
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
    usage = object_in(fields.get("usage"))
    billing = object_in(fields.get("billing"))
    told = [usage.get("credits_used"), object_in(usage.get("cost")).get("credits")]
    if billing.get("refund_scope") == "account_balance":  # else the rest is not to be trusted
        told.append(billing.get("charged_credits"))
    return next((units for units in map(units_in, told) if units is not None), None)


def _video_seconds(fields: Mapping[str, object]) -> int | None:
    task_info = object_in(fields.get("task_info"))
    told = (task_info.get("video_duration"), fields.get("video_duration"))
    return next((round(value) for value in map(number_in, told) if value is not None), None)


def _links(results: object) -> tuple[str, ...]:
    found = results if isinstance(results, list) else []
    return tuple(link for link in found if isinstance(link, str) and link)
