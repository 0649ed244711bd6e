"""One create call, from its body to a paid task."""

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any

from provider_emulator.accounts import STATE_REFUSALS, Key
from provider_emulator.emulator import Emulator
from provider_emulator.errors import ApiError
from provider_emulator.faults import KINDS, Fault
from provider_emulator.life import charge_of
from provider_emulator.tasks import Order, Task, new_task_id
from provider_emulator.validation import broken_order, read_order

MINUTE = 60
UNFINISHED = ("pending", "processing")


@dataclass(frozen=True, slots=True)
class Call:
    """A create call as received: who, what, and under which Idempotency-Key."""

    key: Key
    body: dict[str, Any]
    idempotency_key: str | None

    def subject(self) -> dict[str, str | None]:
        texts = {name: self.body.get(name) for name in ("prompt", "callback_url")}
        return {
            "api_key": self.key.name,
            "idempotency_key": self.idempotency_key,
            **{name: text if isinstance(text, str) else None for name, text in texts.items()},
        }


class Creation:
    """Checks a call, reserves its price, writes the task down and sets it going."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._recent: defaultdict[str, deque[float]] = defaultdict(deque)

    async def create(self, call: Call, *, at_once: bool = False) -> tuple[dict[str, Any], bool]:
        """Return the answer, and whether it is the replay of an earlier one."""
        emulator = self._emulator
        refuse_by_state(call.key, ("model_not_allowed",))
        replay = self._replay(call)
        if replay:
            return replay, True
        order, defects = await self._order(call)
        task = self._task(call, order, [*defects, *self._over_limit(call.key)], at_once=at_once)
        answer = emulator.answer(task)
        with emulator.books.together():
            emulator.accounts.reserve(call.key, task.reserved_uc, task.created)
            emulator.books.add(task)
            self._remember(call, answer, task.created)
        emulator.life.start(task.id)
        return answer, False

    async def _order(self, call: Call) -> tuple[Order, list[Fault]]:
        settings = self._emulator.settings
        try:
            return await read_order(call.body, settings, self._emulator.gate), []
        except ApiError as error:
            if not (settings.deferred_validation and error.status == 400):  # noqa: PLR2004 - HTTP
                raise
            return broken_order(call.body), [_failing("invalid_parameters", error.message)]

    def _over_limit(self, key: Key) -> list[Fault]:
        """Refuse, or doom, what goes beyond the rate or the number of tasks (contract 8.1)."""
        emulator, settings = self._emulator, self._emulator.settings
        calls, now = self._recent[key.account], emulator.clock.now()
        while calls and calls[0] <= now - MINUTE:
            calls.popleft()
        too_many = settings.concurrent_tasks and (
            emulator.books.count(key.account, UNFINISHED) >= settings.concurrent_tasks
        )
        too_fast = settings.creates_per_minute and len(calls) >= settings.creates_per_minute
        if not (too_many or too_fast):
            calls.append(now)
            return []
        message = "The rate limit of this model is exceeded; retry later."
        if settings.over_limit == "fail":
            return [_failing("quota_exceeded", message)]
        after = settings.retry_after_seconds
        raise ApiError(429, message, headers={"retry-after": str(after)} if after else {})

    def _task(self, call: Call, order: Order, defects: list[Fault], *, at_once: bool) -> Task:
        emulator, settings = self._emulator, self._emulator.settings
        now = emulator.clock.now()
        starts = now + (0 if at_once else settings.pending_seconds)
        task = Task(
            id=new_task_id(now),
            account=call.key.account,
            api_key=call.key.name,
            request=call.body,
            order=order,
            idempotency_key=call.idempotency_key,
            created=now,
            starts_at=starts,
            ends_at=starts + (0 if at_once else settings.processing_seconds),
            history=(("pending", now),),
            reserved_uc=self._estimate(order),
        )
        return task.model_copy(update={"faults": (*defects, *self._faults_for(task))})

    def _estimate(self, order: Order) -> int:
        assumed = self._emulator.settings.reserved_input_seconds if order.video_urls else None
        return charge_of(order, self._emulator.prices, assumed)

    def _faults_for(self, task: Task) -> list[Fault]:
        taken = (
            self._emulator.faults.take("task", task.subject(), kinds=(kind,))
            for kind in KINDS["task"]
        )
        return [fault for fault in taken if fault]

    def _replay(self, call: Call) -> dict[str, Any] | None:
        settings = self._emulator.settings
        if not (settings.idempotency_ledger and call.idempotency_key):
            return None
        oldest = self._emulator.clock.now() - settings.idempotency_seconds
        return self._emulator.ledger.replay(
            call.key.account, call.idempotency_key, call.body, oldest
        )

    def _remember(self, call: Call, answer: dict[str, Any], now: float) -> None:
        if self._emulator.settings.idempotency_ledger and call.idempotency_key:
            self._emulator.ledger.write(
                call.key.account, call.idempotency_key, call.body, answer, now
            )


def refuse_by_state(key: Key, states: tuple[str, ...]) -> None:
    if key.state in states:
        status, code, message = STATE_REFUSALS[key.state]
        raise ApiError(status, message, code=code)


def _failing(code: str, message: str) -> Fault:
    return Fault(on="task", kind="fail", code=code, message=message)
