import contextlib
import shutil
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from provider_emulator.accounts import Accounts, Key
from provider_emulator.addresses import AllowedHost, Gate
from provider_emulator.billing import load_prices
from provider_emulator.books import Books
from provider_emulator.callbacks import Callbacks
from provider_emulator.clock import Anchor, Clock
from provider_emulator.faults import Fault, Faults
from provider_emulator.fetching import Caller, Fetcher
from provider_emulator.ledger import Ledger
from provider_emulator.life import Life
from provider_emulator.production import Production
from provider_emulator.settings import Settings
from provider_emulator.studio import Studio
from provider_emulator.tasks import Task
from provider_emulator.views import answer


@dataclass(frozen=True, slots=True)
class Start:
    """How the emulator is started: what cannot change while it runs."""

    keys: tuple[Key, ...]
    balance_uc: int
    start_time: float | None = None
    clock_speed: float | None = None
    folder: Path | None = None
    allowed_hosts: tuple[AllowedHost, ...] = ()
    render_workers: int = 1
    results_url: str | None = None
    settings: Settings = field(default_factory=Settings)


class Emulator:
    """Everything that runs, wired; the HTTP routes are thin over it."""

    def __init__(self, start: Start) -> None:
        self._own_folder = None if start.folder else Path(tempfile.mkdtemp(prefix="emulator-"))
        folder = start.folder or self._own_folder or Path()
        folder.mkdir(parents=True, exist_ok=True)
        self.settings = start.settings
        self.results_url = start.results_url or ""
        self.prices = load_prices()
        self.books = Books(start.folder)
        self.clock = Clock(self._anchor(start))
        self._remember_clock()
        self.accounts = Accounts(
            self.books, {key.name: key for key in start.keys}, start.balance_uc
        )
        self.faults = Faults()
        self.ledger = Ledger(self.books)
        self.gate = Gate(start.allowed_hosts)
        self._caller = Caller(self.gate)
        self._studio = Studio(start.render_workers)
        self.production = Production(Fetcher(self._caller), self._studio, folder)
        callbacks = Callbacks(self.books, self.clock, self._caller, self.faults, self.answer)
        self.life = Life(
            self.books,
            self.clock,
            self.accounts,
            self.production,
            callbacks,
            self.prices,
            lambda: self.settings,
        )

    def resume(self) -> None:
        """Go on with what the data folder holds as unfinished."""
        for task in self.books.unfinished():
            self.life.start(task.id)

    async def stop(self) -> None:
        await self.life.stop()
        await self.production.stop()
        self._studio.close()
        await self._caller.close()
        self.books.close()
        if self._own_folder:
            with contextlib.suppress(OSError):
                shutil.rmtree(self._own_folder)

    def answer(self, task: Task) -> dict[str, Any]:
        return answer(task, self.clock.now(), self.settings, self.results_url)

    def move_clock(self, *, advance: float, speed: float | None) -> None:
        self.clock.move(advance=advance, speed=speed)
        self._remember_clock()

    def arm(self, fault: Fault) -> str:
        """Arm a fault; a task fault that names a task that exists strikes it at once."""
        task = self.books.task(fault.match.task_id) if fault.match.task_id else None
        if fault.on != "task" or task is None:
            return self.faults.arm(fault)
        self.books.put(task.model_copy(update={"faults": (*task.faults, fault)}))
        return f"bound to {task.id}"

    def _anchor(self, start: Start) -> Anchor:
        """Go on from the clock in the books, which ran on while nobody looked, unless told when."""
        now = time.time()
        known = self.books.recall("clock")
        anchor = Anchor(**known) if known else Anchor(now, now, 1.0)
        moment = anchor.at(now) if start.start_time is None else start.start_time
        speed = anchor.speed if start.clock_speed is None else start.clock_speed
        return Anchor(moment, now, speed)

    def _remember_clock(self) -> None:
        self.books.remember("clock", asdict(self.clock.anchor))
