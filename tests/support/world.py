"""The whole pipeline in one process: real use cases and ledger, a provider that obeys the test."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import boto3
import jsonschema_rs

from tests.media_files import film
from tests.support.template import table_definition
from video_pipeline.adapters.archive import S3Archive
from video_pipeline.adapters.archived_objects import S3ArchivedObjects
from video_pipeline.adapters.intake import S3Intake, S3Receipts, receipt_text
from video_pipeline.adapters.ledger.account import DynamoAccount
from video_pipeline.adapters.ledger.drops import DynamoDrops
from video_pipeline.adapters.ledger.jobs import DynamoLedger
from video_pipeline.adapters.ledger.validations import DynamoValidations
from video_pipeline.adapters.manifest_file import open_manifest
from video_pipeline.adapters.price_list import load_prices
from video_pipeline.adapters.receipt_schema import receipt_schema
from video_pipeline.adapters.reports import S3Reports
from video_pipeline.adapters.video_links import GuardedVideoLinks
from video_pipeline.domain.answers import CreateAnswer, Created
from video_pipeline.domain.credits import to_units
from video_pipeline.domain.drop import Drop
from video_pipeline.domain.errors import FetchFailedError, ProviderUnavailableError
from video_pipeline.domain.events import Event
from video_pipeline.domain.identity import run_name
from video_pipeline.domain.job import Job
from video_pipeline.domain.media import Reference
from video_pipeline.domain.next_step import ArchiveVideo as ArchiveStep
from video_pipeline.domain.next_step import Await, Done, Later, Publish, Step, Submit
from video_pipeline.domain.policy import Policy
from video_pipeline.domain.problem import Problem
from video_pipeline.domain.receipt import Receipt
from video_pipeline.domain.request import MODEL, VideoRequest
from video_pipeline.domain.task import ListedTask, Task, TaskGone, TaskStatus
from video_pipeline.ports import Checked
from video_pipeline.use_cases.advance_job import AdvanceJob, Turn
from video_pipeline.use_cases.archive_video import ArchiveVideo
from video_pipeline.use_cases.ask_again import AskAgain
from video_pipeline.use_cases.change_account import ChangeAccount
from video_pipeline.use_cases.close_drop import CloseDrop
from video_pipeline.use_cases.compare_tasks import CompareTasks
from video_pipeline.use_cases.continue_run import ContinueRun
from video_pipeline.use_cases.find_forsaken import FindForsaken
from video_pipeline.use_cases.finish_drop import FinishDrop
from video_pipeline.use_cases.hold import Hold
from video_pipeline.use_cases.open_next_run import OpenNextRun
from video_pipeline.use_cases.receive_callback import ReceiveCallback
from video_pipeline.use_cases.reconcile import Reconcile
from video_pipeline.use_cases.redrive import Redrive
from video_pipeline.use_cases.register_jobs import RegisterJobs
from video_pipeline.use_cases.show_receipt import ShowReceipt
from video_pipeline.use_cases.submit_job import CallSettings, Order, SubmitJob
from video_pipeline.use_cases.submit_manifest import DroppedObject, SubmitManifest
from video_pipeline.use_cases.validate_manifest import ValidateManifest

RECEIPT = jsonschema_rs.validator_for(receipt_schema())
INTAKE, ARCHIVE, TABLE = "intake-bucket", "archive-bucket", "ledger"
CALLBACK_KEY = "a key that only the tests know"
START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
VIDEO = film(seconds=1, width=64, height=64)


@dataclass
class FakeClock:
    instant: datetime = START

    def now(self) -> datetime:
        self.instant += timedelta(microseconds=1)  # no two readings are the same
        return self.instant

    def advance(self, **span: float) -> None:
        self.instant += timedelta(**span)


@dataclass
class FakeProvider:
    """Books of its own; `answers` override what the next creates come back with."""

    clock: FakeClock
    tasks: dict[str, Task] = field(default_factory=dict)
    bodies: list[Mapping[str, object]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    answers: list[Callable[[str], CreateAnswer]] = field(default_factory=list)
    ready: bool = True
    down: bool = False
    lists: bool = True
    credits_left: int | None = 10_000_000

    def is_ready(self) -> bool:
        return self.ready

    def create(self, body: Mapping[str, object], *, idempotency_key: str) -> CreateAnswer:
        self.bodies.append(body)
        self.keys.append(idempotency_key)
        task_id = f"task-unified-{len(self.bodies)}"
        return self.answers.pop(0)(task_id) if self.answers else self.bought(task_id)

    def bought(self, task_id: str) -> Created:
        created = int(self.clock.now().timestamp())
        self.tasks[task_id] = Task(task_id, TaskStatus.RUNNING, MODEL, created)
        return Created(task_id)

    def read(self, task_id: str) -> Task | TaskGone:
        if self.down:
            raise ProviderUnavailableError("down")
        return self.tasks.get(task_id, TaskGone(task_id))

    def listed(self, since: datetime) -> list[ListedTask]:
        """List every task, unless the list is refused."""
        if self.down or not self.lists:
            raise ProviderUnavailableError("no list")
        listed = [ListedTask(t.id, t.status, t.model, t.created) for t in self.tasks.values()]
        return [task for task in listed if task.created >= since.timestamp()]

    def remaining_credits(self) -> int | None:
        if self.down:
            raise ProviderUnavailableError("down")
        return self.credits_left

    def finish(self, task_id: str = "task-unified-1", charged: int = 130_000) -> None:
        self.tasks[task_id] = replace(
            self.tasks[task_id],
            status=TaskStatus.COMPLETED,
            links=(f"https://files.test/{task_id}.mp4",),
            charged=charged,
        )

    def fail(self, code: str, task_id: str = "task-unified-1") -> None:
        self.tasks[task_id] = replace(
            self.tasks[task_id],
            status=TaskStatus.FAILED,
            error_code=code,
            error_message="the provider's own words",
        )


@dataclass
class FakeRuns:
    """Executions by name, and the tokens that were answered."""

    started: list[str] = field(default_factory=list)
    alive: set[str] = field(default_factory=set)
    answered: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)

    def start(self, job_id: str, run: int) -> bool:
        name = run_name(job_id, run)
        if name in self.started:
            return False
        self.started.append(name)
        self.alive.add(name)
        return True

    def is_alive(self, job_id: str, run: int) -> bool:
        return run_name(job_id, run) in self.alive

    def answer(self, token: str) -> None:
        self.answered.append(token)

    def fail(self, token: str, error: str, cause: str) -> None:
        assert cause
        self.failed.append((token, error))


@dataclass
class FakeBus:
    events: list[Event] = field(default_factory=list)

    def publish(self, event: Event) -> None:
        self.events.append(event)


@dataclass
class FakeQueue:
    messages: list[str] = field(default_factory=list)

    def send(self, message: str) -> None:
        self.messages.append(message)


@dataclass
class FakeReferences:
    problems: tuple[Problem, ...] = ()
    missing: tuple[Problem, ...] = ()
    input_seconds: float | None = None
    measured: tuple[Reference, ...] = ()

    def check(self, request: VideoRequest) -> Checked:
        assert request.prompt
        return Checked(self.problems, self.missing, self.input_seconds, self.measured)

    def as_links(self, request: VideoRequest) -> VideoRequest:
        signed = tuple(url.replace("s3://", "https://signed.test/") for url in request.image_urls)
        return replace(request, image_urls=signed)


@dataclass
class FakeFetched:
    """What lies behind a link: served in ranges, or whole and not always to its end."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    takes_ranges: bool = True

    def part(self, first_byte: int, last_byte: int | None) -> "FakeDownload":
        if not (self.takes_ranges and (first_byte or last_byte)):
            return FakeDownload(BytesIO(self.body), 200, self.headers)
        part = self.body[first_byte : len(self.body) if last_byte is None else last_byte + 1]
        told = f"bytes {first_byte}-{first_byte + len(part) - 1}/{len(self.body)}"
        return FakeDownload(BytesIO(part), 206, {**self.headers, "content-range": told})


@dataclass
class FakeDownload:
    rest: BytesIO
    status: int
    headers: Mapping[str, str]

    def chunks(self, size: int = 262_144) -> Iterator[bytes]:
        while piece := self.rest.read(size):
            yield piece

    def readinto(self, room: memoryview, /) -> int:
        return self.rest.readinto(room)


@dataclass
class FakeFetcher:
    """Answers by URL; a link that nobody named is dead."""

    answers: dict[str, FakeFetched] = field(default_factory=dict)
    default: FakeFetched | None = None
    opened: list[str] = field(default_factory=list)

    @contextmanager
    def open(
        self,
        url: str,
        *,
        max_bytes: int,
        first_byte: int = 0,
        last_byte: int | None = None,
        if_range: str | None = None,
    ) -> Iterator[FakeDownload]:
        assert (max_bytes, if_range) != (0, "")
        self.opened.append(url)
        answer = self.answers.get(url, self.default)
        if answer is None:
            raise FetchFailedError("403 from the link", status=403)
        if answer.status != 200:
            raise FetchFailedError(f"{answer.status} from the link", status=answer.status)
        yield answer.part(first_byte, last_byte)


class CheckedReceipts(S3Receipts):
    """Receipts as they are, each held to its schema when it is written."""

    def write(self, drop: Drop, receipt: Receipt) -> None:
        whole = replace(receipt, jobs=tuple(receipt.jobs))
        RECEIPT.validate(json.loads(receipt_text(whole)))
        super().write(drop, whole)


class World:
    """Everything that one story of a job needs."""

    def __init__(self, *, daily_credits: float = 500, policy: Policy | None = None) -> None:
        self.clock = FakeClock()
        self.provider = FakeProvider(self.clock)
        self.runs, self.bus, self.references = FakeRuns(), FakeBus(), FakeReferences()
        self.queue = FakeQueue()
        self.fetcher = FakeFetcher(default=FakeFetched(VIDEO))
        self.policy = policy or Policy()
        self.published: list[dict[str, str]] = []
        self.counted: list[str] = []
        self.s3 = boto3.client("s3", region_name="us-east-1")
        self.dynamodb = boto3.client("dynamodb", region_name="us-east-1")
        self._make_stores()
        self.ledger = DynamoLedger(
            self.dynamodb, TABLE, daily_cap=to_units(daily_credits), retention_days=400
        )
        self.drops = DynamoDrops(self.dynamodb, TABLE, retention_days=400)
        self.account = DynamoAccount(self.dynamodb, TABLE, retention_days=400)
        self._wire()

    def _make_stores(self) -> None:
        self.dynamodb.create_table(TableName=TABLE, **table_definition())
        for bucket in (INTAKE, ARCHIVE):
            self.s3.create_bucket(Bucket=bucket)
            versioned: Any = {"Status": "Enabled"}
            self.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=versioned)

    def _wire(self) -> None:
        self.open_next_run = OpenNextRun(self.ledger, self.runs)
        self.change_account = ChangeAccount(self.account, self.bus, self.counted.append)
        self.hold = Hold(self.account, self.provider, self.change_account, self.clock)
        self.show_receipt = ShowReceipt(
            self.drops, CheckedReceipts(self.s3), self.clock, self.policy
        )
        validations = DynamoValidations(self.dynamodb, TABLE)
        self.close_drop = CloseDrop(self.drops, S3Reports(self.s3), self.clock)
        self.finish_drop = FinishDrop(self.drops, self.close_drop, self.show_receipt, self.bus)
        self.submit_manifest = SubmitManifest(
            intake=S3Intake(self.s3),
            open_manifest=open_manifest,
            drops=self.drops,
            validate_manifest=ValidateManifest(validations, load_prices(), self.clock),
            register_jobs=RegisterJobs(self.drops, self.runs),
            queue=self.queue,
            bus=self.bus,
            finish_drop=self.finish_drop,
            show_receipt=self.show_receipt,
            clock=self.clock,
        )
        self.submit_job = SubmitJob(
            ledger=self.ledger,
            provider=self.provider,
            references=self.references,
            runs=self.runs,
            hold=self.hold,
            open_next_run=self.open_next_run,
            prices=load_prices(),
            policy=self.policy,
            clock=self.clock,
            call=CallSettings(
                limit=timedelta(seconds=60),
                callback_base_url="https://callbacks.test",
                callback_key=lambda: CALLBACK_KEY,
                new_call_id=lambda: f"call-{len(self.provider.bodies)}-{self.clock.now()}",
            ),
        )
        self.advance_job = AdvanceJob(
            ledger=self.ledger,
            drops=self.drops,
            provider=self.provider,
            runs=self.runs,
            hold=self.hold,
            open_next_run=self.open_next_run,
            close_drop=self.close_drop,
            show_receipt=self.show_receipt,
            policy=self.policy,
            clock=self.clock,
        )
        streaming = boto3.client("s3", region_name="us-east-1")
        self.archive_video = ArchiveVideo(
            ledger=self.ledger,
            links=GuardedVideoLinks(self.fetcher, lambda _seconds: None),
            archive=S3Archive(self.s3, streaming, ARCHIVE, "STANDARD"),
            clock=self.clock,
        )
        self.receive_callback = ReceiveCallback(
            self.ledger, self.runs, self.open_next_run, lambda _key_id: (CALLBACK_KEY,)
        )
        self.continue_run = ContinueRun(self.ledger, self.open_next_run)
        self.ask_again = AskAgain(
            self.ledger, self.drops, self.provider, self.open_next_run, self.clock
        )
        self.compare_tasks = CompareTasks(
            ledger=self.ledger,
            provider=self.provider,
            archived=S3ArchivedObjects(self.s3, ARCHIVE),
            ask_again=self.ask_again,
            policy=self.policy,
            clock=self.clock,
        )
        patience = timedelta(minutes=15)
        self.find_forsaken = FindForsaken(
            self.ledger, self.runs, self.open_next_run, self.clock, patience
        )
        self.reconcile = Reconcile(
            find_forsaken=self.find_forsaken,
            compare_tasks=self.compare_tasks,
            drops=self.drops,
            finish_drop=self.finish_drop,
            clock=self.clock,
            patience=patience,
        )
        self.redrive = Redrive(
            ledger=self.ledger,
            drops=self.drops,
            open_next_run=self.open_next_run,
            show_receipt=self.show_receipt,
            clock=self.clock,
            ask_again=lambda job_id: self.compare_tasks.of(self._job(job_id)),
        )

    def put(self, key: str, manifest: object) -> DroppedObject:
        """Lay a manifest into the intake bucket, as a user does."""
        body = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
        version = self.s3.put_object(Bucket=INTAKE, Key=key, Body=body)["VersionId"]
        return DroppedObject(INTAKE, key, version)

    def take_in(self, dropped: DroppedObject) -> Drop:
        """Take a drop in, as a function does that has all the time it needs."""
        drop = self.submit_manifest(dropped)
        assert isinstance(drop, Drop)
        return drop

    def drop(self, key: str, manifest: object) -> Drop:
        return self.take_in(self.put(key, manifest))

    def one_job(self, **changes: Any) -> Job:
        """Drop a manifest of one job and return the job."""
        drop = self.drop("manifests/a/m.json", {**ONE_REQUEST, **changes})
        (job,) = self.drops.jobs_of(drop.id)
        return job

    def job(self, job: Job) -> Job:
        return self._job(job.id)

    def _job(self, job_id: str) -> Job:
        found = self.ledger.job(job_id)
        assert found is not None
        return found

    def order(self, job: Job) -> Order:
        return Order(job.id, job.attempt, f"token of {job.id}-{job.attempt}")

    def submit(self, job: Job, *, seconds_left: float = 120) -> Job | None:
        return self.submit_job(self.order(job), lambda: timedelta(seconds=seconds_left))

    def spin(self, job: Job, *, turns: int = 30) -> Step:
        """Turn the wheel as the state machine would, until it waits or is done."""
        told = 0
        completions: tuple[str, ...] = ()
        for number in range(turns):
            run = self.job(job).open_run
            if run is None:
                return Done()
            turn = Turn(job.id, run, number, told=told, completions=completions)
            answer = self.advance_job(turn)
            told, completions = answer.told, answer.completions
            match answer.step:
                case Submit():
                    self.submit(self.job(job))
                case ArchiveStep():
                    self.archive_video(job.id)
                case Publish():
                    self.published += [event.entry("bus") for event in answer.events]
                case Done():
                    self.runs.alive.discard(run_name(job.id, run))
                    return answer.step
                case Await() | Later():
                    return answer.step
        raise AssertionError("the wheel did not come to rest")

    def told(self) -> list[str]:
        return [entry["DetailType"] for entry in self.published]

    def receipt(self, key: str = "receipts/a/m.json.json") -> dict[str, Any]:
        body = self.s3.get_object(Bucket=INTAKE, Key=key)["Body"].read()
        receipt: dict[str, Any] = json.loads(body)
        return receipt

    def credits_of(self, day: str = "2026-11-24") -> tuple[int, int]:
        """Return what a day has reserved and charged, in units."""
        key: Any = {"pk": {"S": f"CREDITS#{day}"}, "sk": {"S": "CREDITS"}}
        item = self.dynamodb.get_item(TableName=TABLE, Key=key).get("Item", {})
        amounts = [int(item[name]["N"]) if name in item else 0 for name in ("reserved", "charged")]
        assert int(item["committed"]["N"]) == sum(amounts) if item else True
        return amounts[0], amounts[1]


ONE_REQUEST: dict[str, Any] = {
    "prompt": "A bottle of fruit tea on a table, image 1 is the bottle",
    "image_urls": ["https://example.com/bottle.png"],
}
