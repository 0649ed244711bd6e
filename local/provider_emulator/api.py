"""The provider's own part: what a client of the real service calls."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse
from fastapi.responses import Response as AnyResponse
from pydantic import BaseModel, ValidationError

from provider_emulator import contract, misbehaviour
from provider_emulator.accounts import Key
from provider_emulator.billing import credits_of
from provider_emulator.creation import Call
from provider_emulator.dependencies import Caller, Running
from provider_emulator.emulator import Emulator
from provider_emulator.errors import ApiError
from provider_emulator.tasks import ENDED, ID_PREFIX, Task
from provider_emulator.validation import parse_json
from provider_emulator.views import list_item

TaskId = Annotated[str, Path(json_schema_extra={"pattern": f"^{ID_PREFIX}"})]
LIST_STATES = {"processing": ("pending", "processing"), **{name: (name,) for name in ENDED}}
MOST_PAGES = 1_000_000


def _errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": contract.ErrorAnswer} for status in statuses}


def _json_body(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema()
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


router = APIRouter(prefix="/v1", responses=_errors(401, 403, 405, 429, 500))


@router.post(
    "/videos/generations",
    responses={200: {"model": contract.TaskAnswer}, **_errors(400, 402, 404, 409, 413, 502, 503)},
    openapi_extra=_json_body(contract.CreateRequest),
)
async def create_video(request: Request, emulator: Running, key: Caller) -> AnyResponse:
    """Create a video generation task; it is paid for when it completes."""
    body = parse_json(await _read_body(request))
    call = Call(key, body, request.headers.get("idempotency-key"))
    return await misbehaviour.create(emulator, request, call, request.app.state.creation)


@router.get(
    "/tasks/{task_id}",
    responses={200: {"model": contract.TaskAnswer}, **_errors(400, 402, 404)},
)
async def read_task(task_id: TaskId, emulator: Running, key: Caller) -> AnyResponse:
    """Read one task."""
    if not task_id.startswith(ID_PREFIX):
        message = f"A task id starts with `{ID_PREFIX}`."
        raise ApiError(400, message, code="invalid_task_id", param="task_id")
    task = _kept(emulator, task_id)
    await misbehaviour.before_read(emulator, _subject(key, task))
    if task is None:
        raise ApiError(404, f"The task {task_id} does not exist.", code="task_not_found")
    if task.account != key.account:
        message = f"The task {task_id} belongs to another account."
        raise ApiError(403, message, code="permission_denied")
    return JSONResponse(emulator.answer(task))


@router.get("/tasks", responses={200: {"model": contract.ListAnswer}, **_errors(400)})
async def list_tasks(  # noqa: PLR0913 - each is a filter of contract 8.4
    emulator: Running,
    key: Caller,
    status: Annotated[str | None, Query(pattern=f"^({'|'.join(LIST_STATES)})$")] = None,
    type: Annotated[str | None, Query(pattern="^(image|video|audio)$")] = None,  # noqa: A002 - its name
    model: str | None = None,
    page: Annotated[int, Query(ge=1, le=MOST_PAGES)] = 1,
    page_size: Annotated[int, Query(ge=1, le=50)] = 20,
) -> AnyResponse:
    """List the account's tasks, newest first, without result links."""
    await misbehaviour.before_read(emulator, _subject(key, None))
    filters: dict[str, tuple[str, ...]] = {}
    if status:
        filters["status"] = LIST_STATES[status]
    if model is not None:
        filters["model"] = (model,)
    if type in ("image", "audio"):
        filters["status"] = ()
    total, tasks = emulator.books.page(key.account, filters, page=page, size=page_size)
    now = emulator.clock.now()
    items = [list_item(task, now, emulator.settings) for task in tasks]
    return JSONResponse({"data": items, "total": total, "page": page, "page_size": page_size})


@router.post(
    "/tasks/batch",
    responses={200: {"model": contract.BatchAnswer}, **_errors(400, 413)},
    openapi_extra=_json_body(contract.BatchRequest),
)
async def read_tasks(request: Request, emulator: Running, key: Caller) -> AnyResponse:
    """Read up to 50 tasks; unknown and foreign ones are missing from the answer."""
    try:
        wanted = contract.BatchRequest.model_validate(parse_json(await _read_body(request)))
    except ValidationError as error:
        message = "`task_ids` must be a list of 1 to 50 task ids."
        raise ApiError(400, message, param="task_ids") from error
    await misbehaviour.before_read(emulator, _subject(key, None))
    found = (_kept(emulator, task_id) for task_id in dict.fromkeys(wanted.task_ids))
    own = [task for task in found if task and task.account == key.account]
    return JSONResponse({"data": [emulator.answer(task) for task in own]})


@router.get("/credits", responses={200: {"model": contract.CreditsAnswer}})
async def read_credits(emulator: Running, key: Caller) -> AnyResponse:
    """Read what the account and the key have left."""
    account, spent = emulator.accounts.figures(key)
    left_uc = account["balance_uc"] - account["reserved_uc"]
    user = {
        "remaining_credits": credits_of(left_uc),
        "used_credits": credits_of(account["used_uc"]),
    }
    if key.limit_uc is not None:
        left_uc = key.limit_uc - spent["used_uc"] - spent["reserved_uc"]
    token = {
        "remaining_credits": credits_of(left_uc),
        "used_credits": credits_of(spent["used_uc"]),
        "unlimited_credits": key.limit_uc is None,
    }
    return JSONResponse({"success": True, "data": {"user": user, "token": token}})


@router.get("/models", responses={200: {"model": contract.ModelsAnswer}})
async def list_models(emulator: Running, key: Caller) -> AnyResponse:
    """List the models that this key may use."""
    usable = emulator.settings.model_available and key.state != "model_not_allowed"
    models = [{"id": contract.MODEL, "object": "model"}] if usable else []
    return JSONResponse({"object": "list", "data": models})


def _kept(emulator: Emulator, task_id: str) -> Task | None:
    """Return the task unless its record has expired (how long it lives is unknown, 4.4)."""
    task, now = emulator.books.task(task_id), emulator.clock.now()
    if task is None or misbehaviour.is_gone(task, now):
        return None
    kept = emulator.settings.task_record_seconds
    expired = kept and task.ended is not None and now > task.ended + kept
    return None if expired else task


def _subject(key: Key, task: Task | None) -> dict[str, str | None]:
    return task.subject() if task else {"api_key": key.name}


async def _read_body(request: Request) -> bytes:
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > contract.MOST_BODY_BYTES:
            most = contract.MOST_BODY_BYTES // 1_000_000
            raise ApiError(413, f"The request body is larger than {most} MB.")
    return bytes(received)
