import asyncio
import re
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    Response,
    StreamingResponse,
)

from provider_emulator.connection import cut
from provider_emulator.dependencies import Running
from provider_emulator.emulator import Emulator
from provider_emulator.faults import KINDS, OF_THE_REST, Fault
from provider_emulator.studio import StudioError
from provider_emulator.tasks import Film, Task

PIECE = 16_384
SLOW_SECONDS = 20
SLOW_PIECES = 50
BOUNDED = re.compile(r"bytes=[0-9]*-[0-9]+")
LIBRARY_AGENTS = ("python-urllib",)
HTML = "<!doctype html><title>Attention required</title><h1>Please enable cookies.</h1>"


router = APIRouter(include_in_schema=False)


@router.api_route("/results/{name}", methods=["GET", "HEAD"])
async def download(name: str, request: Request, emulator: Running) -> Response:
    task = emulator.books.task_by_suffix(name.removesuffix(".mp4"))
    if task is None or task.film is None:
        return PlainTextResponse("Not found", status_code=404)
    _note(emulator, task, request)
    if _is_dead(emulator, task, request):
        return PlainTextResponse("Link expired", status_code=403)
    fault = emulator.faults.take("result", task.subject(), kinds=_kinds_for(request))
    if fault is None:
        return await _file(emulator, task, task.film)
    return await _faulty(emulator, task, task.film, fault, request)


def _is_dead(emulator: Emulator, task: Task, request: Request) -> bool:
    named = request.query_params.get("link", "0")
    killed = not named.isdecimal() or int(named[:9]) < task.dead_links
    return killed or emulator.clock.now() > (task.ended or 0) + emulator.settings.link_seconds


def _kinds_for(request: Request) -> tuple[str, ...]:
    has_end = BOUNDED.fullmatch(request.headers.get("range", "")) is not None
    return tuple(kind for kind in KINDS["result"] if not (has_end and kind in OF_THE_REST))


def _note(emulator: Emulator, task: Task, request: Request) -> None:
    """Write the download down; whether it leaked the API key is what tests want to know."""
    headers = request.headers
    emulator.books.note(
        "download",
        task.id,
        at=emulator.clock.now(),
        method=request.method,
        range=headers.get("range"),
        user_agent=headers.get("user-agent"),
        with_authorization="authorization" in headers,
    )


async def _file(
    emulator: Emulator, task: Task, film: Film, media_type: str = "video/mp4"
) -> Response:
    try:
        path = await emulator.production.served(task, film)
    except (StudioError, OSError):
        return PlainTextResponse("The file could not be made", status_code=500)
    return FileResponse(path, media_type=media_type)


async def _faulty(
    emulator: Emulator, task: Task, film: Film, fault: Fault, request: Request
) -> Response:
    refusal = _refusal(emulator, task, fault, request)
    if refusal is not None:
        return refusal
    if fault.kind == "wrong_type":
        return await _file(emulator, task, film, "text/plain")
    if fault.kind == "needs_user_agent":
        return await _file(emulator, task, film)
    path = await emulator.production.served(task, film)
    whole = await asyncio.to_thread(path.read_bytes)
    return _stream(fault, whole, request)


def _refusal(emulator: Emulator, task: Task, fault: Fault, request: Request) -> Response | None:
    """Return what is answered in place of the video, None when some of it is sent."""
    match fault.kind:
        case "forbidden":
            return PlainTextResponse("Forbidden", status_code=403)
        case "dead_link":
            emulator.books.put(task.model_copy(update={"dead_links": task.dead_links + 1}))
            return PlainTextResponse("Link expired", status_code=403)
        case "html":
            return HTMLResponse(HTML)
        case "needs_user_agent":
            agent = request.headers.get("user-agent", "").lower()
            if not agent or agent.startswith(LIBRARY_AGENTS):
                return PlainTextResponse("error code: 1010", status_code=403)
    return None


def _stream(fault: Fault, whole: bytes, request: Request) -> Response:
    length = {"content-length": str(len(whole))}
    if fault.kind == "endless":
        return StreamingResponse(_endless(whole), media_type="video/mp4")
    if fault.kind == "slow":
        seconds = SLOW_SECONDS if fault.seconds is None else fault.seconds
        return StreamingResponse(_slowly(whole, seconds), media_type="video/mp4", headers=length)
    return StreamingResponse(_half(whole, request), media_type="video/mp4", headers=length)


async def _endless(whole: bytes) -> AsyncIterator[bytes]:
    while True:
        for start in range(0, len(whole), PIECE):
            yield whole[start : start + PIECE]
            await asyncio.sleep(0.001)


async def _slowly(whole: bytes, seconds: float) -> AsyncIterator[bytes]:
    size = max(len(whole) // SLOW_PIECES, 1)
    for start in range(0, len(whole), size):
        yield whole[start : start + size]
        await asyncio.sleep(seconds / SLOW_PIECES)


async def _half(whole: bytes, request: Request) -> AsyncIterator[bytes]:
    yield whole[: len(whole) // 2]
    await asyncio.sleep(0.05)
    await cut(request)
