"""How a task looks from outside: the answer, the list's item, the books' line."""

from typing import Any

from provider_emulator.billing import credits_of
from provider_emulator.contract import OBJECT
from provider_emulator.settings import Settings
from provider_emulator.tasks import ENDED, Task

CNY_PER_CREDIT = 0.1
USD_PER_CREDIT = 1 / 68
STUCK_PROGRESS = 65
LAST_PROGRESS = 99


def answer(task: Task, now: float, settings: Settings, results_url: str) -> dict[str, Any]:
    """Build the task query answer of contract 4; create answers the same while it is pending."""
    status, failure = _shown_state(task, settings)
    body: dict[str, Any] = {
        "id": task.id,
        "object": OBJECT,
        "created": int(task.created),
        "model": task.order.model,
        "type": "video",
        "status": status,
        "progress": _progress(task, now),
        "task_info": _task_info(task, settings),
        "usage": _usage(task, settings),
    }
    if task.status == "completed":
        body["results"] = [] if task.fault("empty_results") else [result_url(task, results_url)]
    if failure:
        body["error"] = failure | {"type": "task_error"}
    if settings.billing_object:
        body["billing"] = _billing(task)
    return body


def result_url(task: Task, results_url: str) -> str:
    fresh = f"?link={task.dead_links}" if task.dead_links else ""
    return f"{results_url}/results/{task.suffix}.mp4{fresh}"


def list_item(task: Task, now: float, settings: Settings) -> dict[str, Any]:
    status, failure = _shown_state(task, settings)
    results = int(task.status == "completed" and not task.fault("empty_results"))
    return {
        "id": task.id,
        "model": task.order.model,
        "type": "video",
        "status": status,
        "progress": _progress(task, now),
        "created_at": int(task.created),
        "duration": int((task.ended or now) - task.created),
        "has_results": bool(results),
        "result_count": results,
        "has_error": bool(failure),
        "credits_used": credits_of(task.charged_uc or 0),
    }


def book_line(task: Task, now: float, settings: Settings, results_url: str) -> dict[str, Any]:
    line = task.model_dump(mode="json", exclude={"reserved_uc", "charged_uc", "history", "film"})
    return line | {
        "progress": _progress(task, now),
        "states": [{"status": status, "at": at} for status, at in task.history],
        "credits_reserved": credits_of(task.reserved_uc),
        "credits_charged": None if task.charged_uc is None else credits_of(task.charged_uc),
        "result_url": result_url(task, results_url) if task.status == "completed" else None,
        "width": task.film.width if task.film else None,
        "height": task.film.height if task.film else None,
        "answer": answer(task, now, settings, results_url),
    }


def _shown_state(task: Task, settings: Settings) -> tuple[str, dict[str, str] | None]:
    strange = task.fault("unknown_status")
    if strange and task.status == "processing":
        return str(strange.status or "throttled"), None
    if task.status == "cancelled":
        fault = task.fault("cancel")
        form = (fault.form if fault else None) or settings.cancelled_form
        if form == "failed":
            message = "The task was cancelled."
            return "failed", {"code": "request_cancelled", "message": message}
    return task.status, task.failure.model_dump() if task.failure else None


def _progress(task: Task, now: float) -> int:
    if task.status != "processing":
        return 100 if task.status == "completed" else 0
    if task.fault("stuck"):
        return STUCK_PROGRESS
    span = max(task.ends_at - task.starts_at, 1e-9)
    share = min(max((now - task.starts_at) / span, 0), 1)
    if task.fault("regress"):
        share = 1 - share
    return min(max(int(share * 100), 1), LAST_PROGRESS)


def _task_info(task: Task, settings: Settings) -> dict[str, Any]:
    info: dict[str, Any] = {"can_cancel": task.status not in ENDED}
    if task.status not in ENDED:
        info["estimated_time"] = int(settings.pending_seconds + settings.processing_seconds)
    if task.status == "pending":
        info["video_duration"] = task.order.duration
    return info


def _usage(task: Task, settings: Settings) -> dict[str, Any]:
    usage: dict[str, Any] = {"billing_rule": "per_second", "user_group": "default"}
    if task.status not in ENDED:
        return usage | {"credits_reserved": credits_of(task.reserved_uc)}
    if task.status == "completed" and task.charged_uc is not None:
        charged = credits_of(task.charged_uc)
        if settings.final_charge in ("credits_used", "both"):
            usage["credits_used"] = charged
        if settings.final_charge in ("cost", "both"):
            usage["cost"] = {
                "credits": charged,
                "usd": round(charged * USD_PER_CREDIT, 4),
                "cny": round(charged * CNY_PER_CREDIT, 4),
            }
    return usage


def _billing(task: Task) -> dict[str, Any]:
    ended, charged = task.status in ENDED, task.charged_uc or 0
    released = ended and not charged
    return {
        "refund_scope": "account_balance",
        "charge_status": "released" if released else "charged" if ended else "reserved",
        "refund_status": "completed" if released else "not_required",
        "reserved_credits": 0 if ended else credits_of(task.reserved_uc),
        "charged_credits": credits_of(charged),
        "refunded_credits": credits_of(task.reserved_uc) if released else 0,
    }
