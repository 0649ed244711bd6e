import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from provider_emulator.accounts import Accounts
from provider_emulator.billing import Price
from provider_emulator.books import Books
from provider_emulator.callbacks import Callbacks
from provider_emulator.clock import Clock
from provider_emulator.inspection import Inspection
from provider_emulator.production import Production, ProductionError
from provider_emulator.settings import Settings
from provider_emulator.tasks import Failure, Film, Order, Task

MEASURED_DECIMALS = 3


@dataclass
class Life:
    """Leads tasks from pending to their end: work, billing, callback, in this order."""

    books: Books
    clock: Clock
    accounts: Accounts
    production: Production
    callbacks: Callbacks
    prices: Mapping[str, Price]
    settings: Callable[[], Settings]
    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def start(self, task_id: str) -> None:
        running = asyncio.create_task(self._lead(task_id))
        self._running[task_id] = running
        running.add_done_callback(lambda _: self._running.pop(task_id, None))

    async def finished(self, task_id: str) -> None:
        """Wait until nothing is left to do for a task, its callback included."""
        running = self._running.get(task_id)
        if running:
            await asyncio.wait([running])

    async def stop(self) -> None:
        running = list(self._running.values())
        for each in running:
            each.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _lead(self, task_id: str) -> None:
        if self._task(task_id).ended is None:
            await self._to_its_end(task_id)
        task = self._task(task_id)
        if task.callback_due:
            await self.callbacks.deliver(task, self.settings())
            self.books.put(self._task(task_id).model_copy(update={"callback_due": False}))

    async def _to_its_end(self, task_id: str) -> None:
        await self.clock.until(self._task(task_id).starts_at)
        task = self._task(task_id)
        if task.status == "pending":
            task = task.moved("processing", self.clock.now())
            self.books.put(task)
        made = None if _is_doomed(task) else await self._produce(task)
        if self._task(task_id).ended is not None:
            return
        await self.clock.until(task.ends_at)
        task = self._task(task_id)
        if task.fault("stuck"):
            await asyncio.get_running_loop().create_future()
        self._end(task, made)

    async def _produce(self, task: Task) -> tuple[Inspection, Film] | None:
        """Have the film made; what is wrong with the references fails the task at once."""
        try:
            inspection = await self.production.inspect(task, self.settings())
            film = await self.production.film(task, self.settings(), inspection.size)
        except ProductionError as error:
            self._fail(self._task(task.id), error.failure)
            return None
        return inspection, film

    def _end(self, task: Task, made: tuple[Inspection, Film] | None) -> None:
        fault = task.fault("fail")
        if fault:
            code = fault.code or "service_error"
            message = fault.message or f"The generation failed ({code})."
            self._fail(task, Failure(code=code, message=message))
            return
        if task.fault("cancel") or made is None:
            self._close(task, "cancelled", 0, {})
            return
        inspection, film = made
        measured = inspection.input_seconds
        seconds = None if measured is None else round(measured, MEASURED_DECIMALS)
        charged = charge_of(task.order, self.prices, seconds)
        facts = {
            "film": film,
            "input_seconds": seconds,
            "references": inspection.described,
        }
        self._close(task, "completed", charged, facts)

    def _fail(self, task: Task, failure: Failure) -> None:
        self._close(task, "failed", 0, {"failure": failure})

    def _close(self, task: Task, status: str, charged: int, facts: Mapping[str, object]) -> None:
        now = self.clock.now()
        key = self.accounts.key_of(task)
        ended = task.moved(
            status,
            now,
            ended=now,
            charged_uc=charged,
            callback_due=task.order.callback_url is not None,
            **facts,
        )
        with self.books.together():
            self.accounts.settle(key, task.reserved_uc, charged, now)
            self.books.put(ended)
        if not (status == "completed" and self.settings().rendering == "lazy"):
            self.production.forget(task)

    def _task(self, task_id: str) -> Task:
        """Read the task anew: a fault may have been bound to it meanwhile."""
        task = self.books.task(task_id)
        if task is None:
            raise LookupError(task_id)
        return task


def _is_doomed(task: Task) -> bool:
    return any(task.fault(kind) for kind in ("fail", "cancel", "stuck"))


def charge_of(order: Order, prices: Mapping[str, Price], input_seconds: float | None) -> int:
    return prices[order.model].charge(
        quality=order.quality,
        seconds=order.duration,
        input_seconds=None if input_seconds is None else Decimal(str(input_seconds)),
        content_filter=order.content_filter,
    )
