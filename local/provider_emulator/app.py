import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from provider_emulator import api, controls, page, results
from provider_emulator.creation import Creation
from provider_emulator.emulator import Emulator
from provider_emulator.errors import ApiError

TITLE = "EvoLink video generation, emulated"


def build_app(emulator: Emulator) -> FastAPI:
    """Put the routes over a running emulator; `/openapi.json` names the provider's part only."""
    app = FastAPI(title=TITLE, version="1", docs_url=None, redoc_url=None, lifespan=_lifespan)
    app.state.emulator = emulator
    app.state.creation = Creation(emulator)
    for router in (api.router, controls.router, results.router, page.router):
        app.include_router(router)
    app.exception_handler(ApiError)(_refuse)
    app.exception_handler(HTTPException)(_refuse_plainly)
    app.exception_handler(RequestValidationError)(_refuse_parameter)
    app.exception_handler(Exception)(_admit)
    app.add_middleware(RequestIds)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    emulator: Emulator = app.state.emulator
    emulator.resume()
    yield
    await emulator.stop()


class RequestIds:
    """Gives each answer the id header that the vendor's clients read (contract 1)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["x-request-id"] = secrets.token_hex(12)
            await send(message)

        await self._app(scope, receive, with_id)


def _answer(request: Request, error: ApiError) -> Response:
    emulator: Emulator = request.app.state.emulator
    body = error.body(emulator.settings.error_style)
    return JSONResponse(body, status_code=error.status, headers=dict(error.headers))


async def _refuse(request: Request, error: ApiError) -> Response:
    return _answer(request, error)


async def _refuse_plainly(request: Request, error: HTTPException) -> Response:
    message = f"{error.detail}: {request.method} {request.url.path}"
    headers = dict(error.headers or {})
    return _answer(request, ApiError(error.status_code, message, headers=headers))


async def _refuse_parameter(request: Request, error: RequestValidationError) -> Response:
    first = error.errors()[0]
    name = str(first["loc"][-1])
    return _answer(request, ApiError(400, f"`{name}`: {first['msg']}.", param=name))


async def _admit(request: Request, error: Exception) -> Response:
    return _answer(request, ApiError(500, f"The emulator failed: {type(error).__name__}."))
