"""The emulator's own part: its books, its faults, its clock, its switches."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from provider_emulator.billing import credits_of, uc_of
from provider_emulator.dependencies import Running
from provider_emulator.emulator import Emulator
from provider_emulator.errors import ApiError
from provider_emulator.faults import Fault
from provider_emulator.settings import Settings
from provider_emulator.views import book_line

MOST_LINES = 1_000_000
router = APIRouter(prefix="/_emulator", include_in_schema=False)


class ClockMove(BaseModel):
    model_config = ConfigDict(extra="forbid")

    advance_seconds: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] = 0
    speed: Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)] | None = None


@router.get("/tasks")
async def list_books(
    emulator: Running, limit: Annotated[int, Query(ge=1, le=MOST_LINES)] = 1000
) -> JSONResponse:
    now, settings = emulator.clock.now(), emulator.settings
    tasks = [
        book_line(task, now, settings, emulator.results_url)
        | {
            "downloads": emulator.books.noted("download", task.id),
            "callbacks": emulator.books.noted("callback", task.id),
        }
        for task in emulator.books.newest(limit)
    ]
    return JSONResponse({"tasks": tasks, "counts": emulator.books.counts(), "now": now})


@router.get("/callbacks")
async def list_callbacks(emulator: Running, task_id: str | None = None) -> JSONResponse:
    return JSONResponse({"callbacks": emulator.books.noted("callback", task_id)})


@router.post("/faults", status_code=201)
async def arm_fault(emulator: Running, body: Annotated[dict[str, Any], Body()]) -> JSONResponse:
    try:
        fault = Fault.model_validate(body)
    except ValidationError as error:
        raise _refused(error) from error
    name = emulator.arm(fault)
    return JSONResponse({"id": name} | fault.model_dump(exclude_none=True), status_code=201)


@router.get("/faults")
async def list_faults(emulator: Running) -> JSONResponse:
    return JSONResponse({"faults": emulator.faults.listed()})


@router.delete("/faults")
async def clear_faults(emulator: Running) -> JSONResponse:
    return JSONResponse({"cleared": emulator.faults.clear()})


@router.get("/clock")
async def read_clock(emulator: Running) -> JSONResponse:
    return _clock(emulator)


@router.post("/clock")
async def move_clock(emulator: Running, move: ClockMove) -> JSONResponse:
    emulator.move_clock(advance=move.advance_seconds, speed=move.speed)
    return _clock(emulator)


@router.get("/settings")
async def read_settings(emulator: Running) -> JSONResponse:
    return JSONResponse(_settings(emulator))


@router.put("/settings")
async def change_settings(
    emulator: Running, body: Annotated[dict[str, Any], Body()]
) -> JSONResponse:
    """Change the switches that are named, and leave the others; `balance` is one too."""
    balance = body.pop("balance", None)
    if balance is not None and not isinstance(balance, int | float):
        raise ApiError(400, "`balance` must be a number of credits.", param="balance")
    try:
        settings = Settings.model_validate(emulator.settings.model_dump() | body)
    except ValidationError as error:
        raise _refused(error) from error
    emulator.settings = settings
    if balance is not None:
        emulator.accounts.set_balance(uc_of(balance))
    return JSONResponse(_settings(emulator))


def _settings(emulator: Emulator) -> dict[str, Any]:
    balances = {name: credits_of(uc) for name, uc in emulator.accounts.balances().items()}
    return emulator.settings.model_dump(mode="json") | {"balances": balances}


def _clock(emulator: Emulator) -> JSONResponse:
    return JSONResponse({"now": emulator.clock.now(), "speed": emulator.clock.anchor.speed})


def _refused(error: ValidationError) -> ApiError:
    first = error.errors(include_url=False, include_context=False)[0]
    name = ".".join(str(part) for part in first["loc"])
    return ApiError(400, f"{name}: {first['msg']}" if name else first["msg"], param=name or None)
