"""What armed faults do to create calls and to reads."""

import asyncio
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from provider_emulator.connection import cut
from provider_emulator.creation import Call, Creation
from provider_emulator.emulator import Emulator
from provider_emulator.errors import ApiError
from provider_emulator.faults import Fault
from provider_emulator.tasks import Task

HTML = "<html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>"
SLOW_SECONDS = 30
READ_LIMIT_TYPE = "evo_api_error"


async def create(emulator: Emulator, request: Request, call: Call, creation: Creation) -> Response:
    """Answer a create call as the next fitting fault has it, or rightly."""
    early = emulator.faults.take("callback", call.subject(), kinds=("before_answer",))
    fault = emulator.faults.take("create", call.subject())
    kind = fault.kind if fault else None
    if fault and kind in ("http", "html", "empty", "reset_before"):
        return await _without_task(emulator, request, fault)
    answer, replayed = await creation.create(call, at_once=early is not None)
    if early:
        await emulator.life.finished(answer["id"])
    if fault and kind == "slow":
        await asyncio.sleep(SLOW_SECONDS if fault.seconds is None else fault.seconds)
    if kind == "lost_answer":
        await cut(request)
    if kind == "no_id":
        answer = {name: value for name, value in answer.items() if name != "id"}
    return JSONResponse(answer, headers={"idempotency-replayed": "true"} if replayed else None)


async def before_read(emulator: Emulator, subject: dict[str, str | None]) -> None:
    """Delay or refuse a read of tasks when a fault says so."""
    fault = emulator.faults.take("read", subject)
    if fault is None:
        return
    if fault.kind == "slow":
        await asyncio.sleep(SLOW_SECONDS if fault.seconds is None else fault.seconds)
        return
    raise _http_error(fault)


def is_gone(task: Task, now: float) -> bool:
    fault = task.fault("gone")
    return fault is not None and now >= task.created + (fault.seconds or 0)


async def _without_task(emulator: Emulator, request: Request, fault: Fault) -> Response:
    if fault.kind == "reset_before":
        await cut(request)
        return Response()
    status = fault.status if isinstance(fault.status, int) else None
    if fault.kind == "html":
        return HTMLResponse(HTML, status_code=status or 502)
    if fault.kind == "empty":
        return Response(status_code=status or 502)
    error = _http_error(fault)
    style = fault.style or emulator.settings.error_style
    return JSONResponse(error.body(style), status_code=error.status, headers=dict(error.headers))


def _http_error(fault: Fault) -> ApiError:
    status = fault.status if isinstance(fault.status, int) else 500
    limited_read = fault.on == "read" and status == 429  # noqa: PLR2004 - HTTP
    headers: dict[str, Any] = {}
    if fault.retry_after is not None:
        headers["retry-after"] = str(fault.retry_after)
    return ApiError(
        status,
        fault.message or f"An armed fault answers HTTP {status}.",
        code=fault.code,
        type=READ_LIMIT_TYPE if limited_read else None,
        headers=headers,
    )
