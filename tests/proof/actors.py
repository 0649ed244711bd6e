# ruff: noqa: ARG002 - a port's whole signature, of which the search needs a part
"""The use cases of the product, wired to ports whose every call can be the last."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from tests.proof.replay import Call, Ended, Tape, replayed
from tests.proof.state import DROP_ID, JOB_ID, NOW, VALUES, Actor
from tests.support.world import FakeReferences
from video_pipeline.adapters.price_list import load_prices
from video_pipeline.domain.answers import AccountRefused
from video_pipeline.domain.capability import grant
from video_pipeline.domain.completion_report import CompletionReport
from video_pipeline.domain.control import Control
from video_pipeline.domain.drop import Drop, DropState
from video_pipeline.domain.events import Event
from video_pipeline.domain.job import Job
from video_pipeline.domain.media import VideoFacts
from video_pipeline.domain.policy import Policy
from video_pipeline.domain.redrive import Wish
from video_pipeline.ports import FoundObject, Labels, StoredObject, Video
from video_pipeline.use_cases.advance_job import AdvanceJob, Turn
from video_pipeline.use_cases.archive_video import ArchiveVideo
from video_pipeline.use_cases.ask_again import AskAgain
from video_pipeline.use_cases.close_drop import CloseDrop
from video_pipeline.use_cases.continue_run import ContinueRun
from video_pipeline.use_cases.find_forsaken import FindForsaken
from video_pipeline.use_cases.open_next_run import OpenNextRun
from video_pipeline.use_cases.receive_callback import ReceiveCallback
from video_pipeline.use_cases.redrive import Redrive
from video_pipeline.use_cases.submit_job import CallSettings, Order, SubmitJob


class NeverHeld:
    """The account's pauses are no part of the search; a refused call may be made again."""

    def left(self, control: Control | None = None) -> None: ...

    def because_of(self, refusal: AccountRefused, needs: int | None) -> None: ...


OPEN = cast("Any", NeverHeld())
KEY = "a key that only the tests know"
POLICY = Policy(max_attempts=2)
PRICES = load_prices()


class StillClock:
    """Time stands still for functions; it passes by changing what lies in the future."""

    def now(self) -> datetime:
        return NOW


@dataclass(frozen=True, slots=True)
class TapedLedger:
    tape: Tape

    def job(self, job_id: str) -> Any:
        return self.tape("job")

    def job_and_control(self, job_id: str) -> Any:
        return self.tape("job"), Control()

    def commit(self, move: object, *, in_its_run: bool = False) -> Any:
        return self.tape("commit", move, in_its_run)

    def ring(self, job_id: str, attempt: int, task_id: str | None) -> Any:
        return self.tape("ring", attempt, task_id)

    def claims(self, job_id: str, attempt: int) -> Any:
        return self.tape("claims", attempt)

    def open_run(self, job: Job, run: int) -> Any:
        return self.tape("open_run", job.open_run, run)

    def close_run(self, job: Job, now: datetime) -> Any:
        return self.tape("close_run", job)

    def untold_events(self, job: Job) -> tuple[Event, ...]:
        numbered = cast(
            "tuple[tuple[int, str], ...]", self.tape("untold", job.published, job.sequence)
        )
        return tuple(Event(str(number), kind, number) for number, kind in numbered)

    def mark_told(self, job_id: str, sequence: int) -> None:
        self.tape("mark_told", sequence)

    def unfinished(self, older_than: datetime) -> Any:
        return iter(cast("tuple[Job, ...]", self.tape("unfinished")))


@dataclass(frozen=True, slots=True)
class TapedProvider:
    tape: Tape

    def create(self, body: Mapping[str, object], *, idempotency_key: str) -> Any:
        return self.tape("create", int(idempotency_key.rpartition("-")[2]))

    def read(self, task_id: str) -> Any:
        return self.tape("read", task_id)

    def is_ready(self) -> bool:
        return True

    def listed(self, since: datetime) -> Any:
        raise NotImplementedError

    def remaining_credits(self) -> int | None:
        return None


@dataclass(frozen=True, slots=True)
class TapedRuns:
    tape: Tape

    def start(self, job_id: str, run: int) -> Any:
        return self.tape("start", run)

    def is_alive(self, job_id: str, run: int) -> Any:
        return self.tape("is_alive", run)

    def answer(self, token: str) -> None:
        self.tape("answer", int(token))

    def fail(self, token: str, error: str, cause: str) -> None:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class TapedDrops:
    tape: Tape

    def drop(self, drop_id: str) -> Drop:
        return _drop(self.tape("drop"))

    def close(self, drop: Drop, completion: object, now: datetime) -> Drop:
        return _drop(self.tape("close_drop", drop.closings))

    def each_job_of(self, drop_id: str) -> Iterator[Job]:
        return iter(())

    def mark_completion_told(self, event_id: str) -> None:
        self.tape("drop_told", number_of(event_id))


@dataclass(frozen=True, slots=True)
class TapedReports:
    tape: Tape

    def write_once(self, drop: Drop, report: CompletionReport) -> CompletionReport:
        self.tape("write_report")
        return report


def number_of(event_id: str) -> int:
    """Tell which end of the drop an event tells: a redriven job makes it end again."""
    return int(event_id.removeprefix("end-"))


def _drop(answer: object) -> Drop:
    word, remaining, closings = cast("tuple[str, int, int]", answer)
    ended = word != "open"
    return Drop(
        id=DROP_ID,
        bucket="intake",
        key="manifests/m.json",
        version_id="v1",
        dropped_at=NOW,
        recorded_at=NOW,
        state=DropState.COMPLETED if ended else DropState.ACCEPTED,
        state_since=NOW,
        total=1,
        remaining=remaining,
        closings=closings,
        completion=Event(f"end-{closings}", "Manifest Completed", 2) if ended else None,
        told=word == "told",
    )


@dataclass(frozen=True, slots=True)
class FoundVideo:
    """What the archiver copies; looking at it and reading it is one outside call."""

    size: int = 1
    content_type: str = "video/mp4"
    poster: bytes = b"poster"

    @property
    def facts(self) -> VideoFacts:
        return VideoFacts(5.0, 1280, 720, "h264", "aac", 24.0)

    def stream(self) -> Any:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class TapedArchive:
    """An archive that several archivers write at once: each write can meet another's."""

    tape: Tape

    def find(self, key: str) -> FoundObject | None:
        return cast("FoundObject | None", self.tape("find"))

    def copy(
        self, key: str, video: Video, labels: Labels, over: FoundObject | None
    ) -> StoredObject:
        self.tape("put", over is not None)
        return STORED

    def reread(self, key: str, found: FoundObject) -> tuple[Video, StoredObject]:
        return FoundVideo(), STORED

    def put(self, key: str, body: bytes, labels: Labels) -> StoredObject:
        return STORED


STORED = StoredObject("archive", "videos/m/tea/video.mp4", "v1", 1, "sha256", "crc32")


@dataclass(frozen=True, slots=True)
class TapedLinks:
    tape: Tape

    @contextmanager
    def open(self, link: str) -> Iterator[Video]:
        self.tape("fetch")
        yield FoundVideo()


class NoReceipt:
    """Receipts are shown by whoever changes something; none of the laws here hangs on them."""

    def __call__(self, drop: Drop, changed_at: datetime) -> None: ...

    def at_the_end_of(self, job: Job, drop: Drop) -> None: ...


@dataclass(frozen=True, slots=True)
class Wiring:
    """How use cases are made from a tape; a variant overrides one of them."""

    ledger: Callable[[Tape], Any] = TapedLedger
    advance_job: type[AdvanceJob] = AdvanceJob
    submit_job: type[SubmitJob] = SubmitJob
    redrive: type[Redrive] = Redrive
    open_run: type[OpenNextRun] = OpenNextRun
    find_forsaken: type[FindForsaken] = FindForsaken

    def open_next_run(self, tape: Tape) -> OpenNextRun:
        return self.open_run(self.ledger(tape), TapedRuns(tape))

    def hub(self, tape: Tape, run: int, told: int, drop_told: int, word: int) -> object:
        ledger, clock = self.ledger(tape), StillClock()
        use_case = self.advance_job(
            ledger=ledger,
            drops=cast("Any", TapedDrops(tape)),
            provider=TapedProvider(tape),
            runs=TapedRuns(tape),
            hold=OPEN,
            open_next_run=self.open_next_run(tape),
            close_drop=CloseDrop(cast("Any", TapedDrops(tape)), TapedReports(tape), clock),
            show_receipt=cast("Any", NoReceipt()),
            policy=POLICY,
            clock=clock,
        )
        number = POLICY.max_turns if word == HANDOVER else 0
        completions = (f"end-{drop_told}",) if drop_told else ()
        return use_case(Turn(JOB_ID, run, number, told, completions, word == UNDELIVERABLE))

    def worker(self, tape: Tape, attempt: int, run: int) -> object:
        ledger, clock, provider = self.ledger(tape), StillClock(), TapedProvider(tape)
        use_case = self.submit_job(
            ledger=ledger,
            provider=provider,
            references=FakeReferences(),
            runs=TapedRuns(tape),
            hold=OPEN,
            open_next_run=self.open_next_run(tape),
            prices=PRICES,
            policy=POLICY,
            clock=clock,
            call=CallSettings(
                limit=timedelta(seconds=60),
                callback_base_url="https://callbacks.test",
                callback_key=lambda: KEY,
                new_call_id=lambda: cast("str", tape("new_call_id")),
            ),
        )
        return use_case(Order(JOB_ID, attempt, str(run)), lambda: timedelta(seconds=120))

    def callback(self, tape: Tape, attempt: int, task: int) -> object:
        use_case = ReceiveCallback(
            self.ledger(tape), TapedRuns(tape), self.open_next_run(tape), lambda _key_id: (KEY,)
        )
        return use_case(grant(KEY, JOB_ID, attempt), f'{{"id": "task-{task}"}}')

    def archiver(self, tape: Tape, run: int) -> object:
        return ArchiveVideo(
            ledger=self.ledger(tape),
            links=TapedLinks(tape),
            archive=TapedArchive(tape),
            clock=StillClock(),
        )(JOB_ID)

    def continuer(self, tape: Tape, run: int) -> object:
        return ContinueRun(self.ledger(tape), self.open_next_run(tape))(JOB_ID, run)

    def reconciler(self, tape: Tape) -> object:
        find_forsaken = self.find_forsaken(
            self.ledger(tape),
            TapedRuns(tape),
            self.open_next_run(tape),
            StillClock(),
            timedelta(minutes=15),
        )
        return tuple(find_forsaken())

    def redriver(self, tape: Tape, number: int) -> object:
        ledger = self.ledger(tape)
        use_case = self.redrive(
            ledger=ledger,
            drops=cast("Any", TapedDrops(tape)),
            open_next_run=self.open_next_run(tape),
            show_receipt=cast("Any", NoReceipt()),
            clock=StillClock(),
            ask_again=lambda _job_id: False,
        )
        return use_case(ledger.job(JOB_ID), Wish()).refusal

    def asker(self, tape: Tape, task: int) -> object:
        ledger = self.ledger(tape)
        use_case = AskAgain(
            ledger,
            cast("Any", TapedDrops(tape)),
            TapedProvider(tape),
            self.open_next_run(tape),
            StillClock(),
        )
        return use_case(ledger.job(JOB_ID), f"task-{task}")


HANDOVER, UNDELIVERABLE = 1, 2


@cache
def next_of(wiring: Wiring, actor: Actor) -> Call | Ended:
    """Return what an actor does next; computed once for each that ever was."""
    make = getattr(wiring, actor.kind)
    log = tuple(VALUES[number] for number in actor.log)
    return replayed(lambda tape: make(tape, *actor.arguments), log)
