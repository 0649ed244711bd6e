import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from provider_emulator.addresses import RefusedAddressError, UnknownHostError
from provider_emulator.books import Books
from provider_emulator.clock import Clock
from provider_emulator.faults import Fault, Faults
from provider_emulator.fetching import Caller
from provider_emulator.settings import Settings
from provider_emulator.tasks import Task, new_task_id

LATE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Message:
    """What a callback says, and which task it names, if it can be read at all."""

    names: str | None
    body: bytes


class Callbacks:
    """Delivers a finished task to its callback URL, and writes down each attempt (contract 6)."""

    def __init__(
        self,
        books: Books,
        clock: Clock,
        caller: Caller,
        faults: Faults,
        answer: Callable[[Task], Any],
    ) -> None:
        self._books = books
        self._clock = clock
        self._caller = caller
        self._faults = faults
        self._answer = answer

    async def deliver(self, task: Task, settings: Settings) -> None:
        fault = self._faults.take("callback", task.subject())
        kind = fault.kind if fault else None
        if kind == "lost" or not settings.callbacks:
            self._note(task, 0, error="lost" if kind == "lost" else "callbacks are switched off")
            return
        if fault and kind == "late":
            await self._clock.sleep(fault.seconds if fault.seconds is not None else LATE_SECONDS)
        message = self._message(task, fault)
        for _ in range(2 if kind == "duplicate" else 1):
            await self._deliver_with_retries(task, message, settings)

    def _message(self, task: Task, fault: Fault | None) -> Message:
        if fault and fault.kind == "garbage":
            return Message(None, b'{"id": "task-unified-')
        answer = self._answer(task)
        if fault and fault.kind == "foreign":
            answer["id"] = new_task_id(task.created)
        return Message(answer["id"], json.dumps(answer).encode())

    async def _deliver_with_retries(self, task: Task, message: Message, settings: Settings) -> None:
        for attempt, wait in enumerate((*settings.callback_waits, None), 1):
            if await self._attempt(task, message, attempt, settings) or wait is None:
                return
            if settings.callback_wait_clock == "emulator":
                await self._clock.sleep(wait)
            else:
                await asyncio.sleep(wait)

    async def _attempt(
        self, task: Task, message: Message, attempt: int, settings: Settings
    ) -> bool:
        started, begun = self._clock.now(), time.monotonic()
        outcome: dict[str, object] = {"names": message.names}
        try:
            async with asyncio.timeout(settings.callback_timeout_seconds):
                outcome["status"] = await self._post(str(task.order.callback_url), message.body)
        except TimeoutError:
            outcome["error"] = f"no answer within {settings.callback_timeout_seconds:g} s"
        except (RefusedAddressError, UnknownHostError) as error:
            outcome["error"] = str(error)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            outcome["error"] = f"{type(error).__name__}: {error}"
        took = round(time.monotonic() - begun, 3)
        self._note(task, attempt, at=started, took_seconds=took, **outcome)
        status = outcome.get("status")
        return isinstance(status, int) and 200 <= status < 300  # noqa: PLR2004 - any 2xx

    async def _post(self, url: str, body: bytes) -> int:
        destination = await self._caller.gate.resolve(url)
        request = self._caller.request("POST", destination, body)
        response = await self._caller.client.send(request, stream=True)
        await response.aclose()
        return response.status_code

    def _note(self, task: Task, attempt: int, **facts: object) -> None:
        facts.setdefault("at", self._clock.now())
        self._books.note("callback", task.id, url=task.order.callback_url, attempt=attempt, **facts)
