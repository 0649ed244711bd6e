"""Which real part serves which port; built at the first call, once per process.

Clients of AWS alone are made at the start, where Lambda lends more of a processor.
"""

import os
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Literal

from video_pipeline import config
from video_pipeline.adapters import aws
from video_pipeline.adapters.clock import SystemClock
from video_pipeline.domain.credits import to_units
from video_pipeline.domain.figures import Figure, figures_of
from video_pipeline.domain.moves import Move
from video_pipeline.domain.policy import Policy
from video_pipeline.log import log_move

if TYPE_CHECKING:
    from video_pipeline.adapters.bus import EventBridgeBus
    from video_pipeline.adapters.evolink import EvolinkProvider
    from video_pipeline.adapters.graveyard import Graveyard
    from video_pipeline.adapters.intake import S3Intake
    from video_pipeline.adapters.ledger.account import DynamoAccount
    from video_pipeline.adapters.ledger.drops import DynamoDrops
    from video_pipeline.adapters.ledger.jobs import DynamoLedger
    from video_pipeline.adapters.runs import StepFunctionsRuns
    from video_pipeline.adapters.secrets import Secrets
    from video_pipeline.domain.drop import Drop
    from video_pipeline.domain.findings import Findings
    from video_pipeline.domain.prices import PriceList
    from video_pipeline.ports import ManifestSlices, ReadableFile
    from video_pipeline.use_cases.advance_job import AdvanceJob
    from video_pipeline.use_cases.archive_video import ArchiveVideo
    from video_pipeline.use_cases.bury_job import BuryJob
    from video_pipeline.use_cases.bury_manifest import BuryManifest
    from video_pipeline.use_cases.change_account import ChangeAccount
    from video_pipeline.use_cases.close_drop import CloseDrop
    from video_pipeline.use_cases.compare_tasks import CompareTasks
    from video_pipeline.use_cases.continue_run import ContinueRun
    from video_pipeline.use_cases.finish_drop import FinishDrop
    from video_pipeline.use_cases.hold import Hold
    from video_pipeline.use_cases.measure import Measure
    from video_pipeline.use_cases.open_next_run import OpenNextRun
    from video_pipeline.use_cases.receive_callback import ReceiveCallback
    from video_pipeline.use_cases.reconcile import Reconcile
    from video_pipeline.use_cases.show_receipt import ShowReceipt
    from video_pipeline.use_cases.submit_job import SubmitJob
    from video_pipeline.use_cases.submit_manifest import SubmitManifest

LOOK_SECONDS = 15.0  # at one reference
SIDE_BY_SIDE = 16  # jobs of one manifest that are promised at once
COPY_SECONDS = 270.0  # of one stream; the function's 600 have room for two
QUIET_SECONDS = 15.0  # without a byte from the source; S3 gives up after about 20

# Imports stand inside the builders, so that a function loads only what it uses.
# ruff: noqa: PLC0415

Client = Literal["dynamodb", "s3", "s3_once", "secrets_manager", "step_functions", "sts"]


def make_clients(*names: Client) -> None:
    """Make the clients that every event needs; whoever only reads a handler has no region."""
    if "AWS_REGION" in os.environ:
        for name in names:
            getattr(aws, name)()


@cache
def submit_manifest() -> "SubmitManifest":
    from video_pipeline.adapters.ledger.validations import DynamoValidations
    from video_pipeline.adapters.manifests_queue import SqsManifestsQueue
    from video_pipeline.use_cases.register_jobs import RegisterJobs
    from video_pipeline.use_cases.submit_manifest import SubmitManifest
    from video_pipeline.use_cases.validate_manifest import ValidateManifest

    ledger = config.LedgerEnvironment.read(os.environ)
    queue = config.ManifestsEnvironment.read(os.environ)
    validations = DynamoValidations(aws.dynamodb(), ledger.table_name)
    return SubmitManifest(
        intake=_intake(),
        open_manifest=_open_manifest,
        drops=_drops(),
        validate_manifest=ValidateManifest(validations, _prices(), SystemClock()),
        register_jobs=RegisterJobs(_drops(), _runs(), ThreadPoolExecutor(SIDE_BY_SIDE).map),
        queue=SqsManifestsQueue(aws.sqs, queue.manifests_queue_url),
        bus=_bus(),
        finish_drop=_finish_drop(),
        show_receipt=_show_receipt(),
        clock=SystemClock(),
    )


def _open_manifest(
    file: "ReadableFile", bucket: str, key: str, findings: "Findings"
) -> "ManifestSlices | None":
    """Load what reads manifests, and checks them, only where one is read."""
    from video_pipeline.adapters.manifest_file import open_manifest

    return open_manifest(file, bucket, key, findings)


@cache
def submit_job() -> "SubmitJob":
    from video_pipeline.adapters.guarded_fetch import GuardedFetcher
    from video_pipeline.adapters.ledger.known_media import DynamoKnownMedia
    from video_pipeline.adapters.reader_role import ReaderRole
    from video_pipeline.adapters.references import S3References
    from video_pipeline.use_cases.submit_job import CallSettings, SubmitJob

    provider = config.ProviderEnvironment.read(os.environ)
    call = config.CallEnvironment.read(os.environ)
    callback = config.CallbackEnvironment.read(os.environ)
    ledger = config.LedgerEnvironment.read(os.environ)
    secrets = _secrets()
    return SubmitJob(
        ledger=_ledger(),
        provider=_provider(),
        references=S3References(
            ReaderRole(
                aws.sts(), call.reader_role_arn, aws.region(), endpoint_url=aws.endpoint_url()
            ),
            GuardedFetcher(provider.allowed_local_hosts, LOOK_SECONDS),
            known=DynamoKnownMedia(aws.dynamodb(), ledger.table_name, SystemClock()),
        ),
        runs=_runs(),
        hold=_hold(),
        open_next_run=_open_next_run(),
        prices=_prices(),
        policy=_policy(),
        clock=SystemClock(),
        call=CallSettings(
            limit=timedelta(seconds=provider.create_timeout_seconds),
            callback_base_url=call.callback_base_url,
            callback_key=lambda: secrets.value(callback.callback_secret_arn),
            new_call_id=lambda: uuid.uuid4().hex,
        ),
    )


@cache
def receive_callback() -> "ReceiveCallback":
    from video_pipeline.adapters.callback_keys import CallbackKeys
    from video_pipeline.use_cases.receive_callback import ReceiveCallback

    callback = config.CallbackEnvironment.read(os.environ)
    return ReceiveCallback(
        ledger=_ledger(),
        runs=_runs(),
        open_next_run=_open_next_run(),
        keys=CallbackKeys(_secrets(), callback.callback_secret_arn),
    )


@cache
def advance_job(state_machine_arn: str) -> "AdvanceJob":
    """The hub is told its own machine's name, because the machine needs the hub's first."""
    from video_pipeline.adapters.runs import StepFunctionsRuns
    from video_pipeline.use_cases.advance_job import AdvanceJob
    from video_pipeline.use_cases.open_next_run import OpenNextRun

    runs = StepFunctionsRuns(aws.step_functions(), state_machine_arn)
    return AdvanceJob(
        ledger=_ledger(),
        drops=_drops(),
        provider=_provider(),
        runs=runs,
        hold=_hold(),
        open_next_run=OpenNextRun(_ledger(), runs),
        close_drop=_close_drop,
        show_receipt=_show_receipt(),
        policy=_policy(),
        clock=SystemClock(),
    )


@cache
def archive_video() -> "ArchiveVideo":
    from video_pipeline.adapters.archive import S3Archive
    from video_pipeline.adapters.guarded_fetch import GuardedFetcher
    from video_pipeline.adapters.video_links import GuardedVideoLinks
    from video_pipeline.use_cases.archive_video import ArchiveVideo

    archive = config.ArchiveEnvironment.read(os.environ)
    fetcher = GuardedFetcher(archive.allowed_local_hosts, COPY_SECONDS, quiet_seconds=QUIET_SECONDS)
    return ArchiveVideo(
        ledger=_ledger(),
        links=GuardedVideoLinks(fetcher),
        archive=S3Archive(aws.s3(), aws.s3_once(), archive.archive_bucket, archive.storage_class),
        clock=SystemClock(),
    )


@cache
def continue_run() -> "ContinueRun":
    from video_pipeline.use_cases.continue_run import ContinueRun

    return ContinueRun(_ledger(), _open_next_run())


@cache
def reconcile() -> "Reconcile":
    from video_pipeline.use_cases.find_forsaken import FindForsaken
    from video_pipeline.use_cases.reconcile import Reconcile

    clock = SystemClock()
    minutes = config.ReconcileEnvironment.read(os.environ).patience_minutes
    patience = timedelta(minutes=minutes)
    return Reconcile(
        find_forsaken=FindForsaken(_ledger(), _runs(), _open_next_run(), clock, patience),
        compare_tasks=compare_tasks(),
        drops=_drops(),
        finish_drop=_finish_drop(),
        clock=clock,
        patience=patience,
    )


@cache
def compare_tasks() -> "CompareTasks":
    from video_pipeline.adapters.archived_objects import S3ArchivedObjects
    from video_pipeline.use_cases.ask_again import AskAgain
    from video_pipeline.use_cases.compare_tasks import CompareTasks

    bucket = config.ReconcileEnvironment.read(os.environ).archive_bucket
    clock = SystemClock()
    return CompareTasks(
        ledger=_ledger(),
        provider=_provider(),
        archived=S3ArchivedObjects(aws.s3(), bucket),
        ask_again=AskAgain(_ledger(), _drops(), _provider(), _open_next_run(), clock),
        policy=_policy(),
        clock=clock,
    )


def look_at_job(job_id: str) -> bool:
    """Say whether one job at rest goes on with a task that the provider holds."""
    job = _ledger().job(job_id)
    return job is not None and compare_tasks().of(job)


def is_paused() -> bool:
    """Say whether every submission is paused, telling what nobody has told of that yet."""
    control = _account().control()
    _change_account().tell(control)
    return control.paused is not None


@cache
def bury_manifest() -> "BuryManifest":
    from video_pipeline.use_cases.bury_manifest import BuryManifest

    whole = submit_manifest()
    return BuryManifest(
        intake=whole.intake,
        drops=whole.drops,
        bus=whole.bus,
        show_receipt=whole.show_receipt,
        submit_manifest=whole,
        clock=whole.clock,
    )


@cache
def bury_job() -> "BuryJob":
    from video_pipeline.use_cases.bury_job import BuryJob

    return BuryJob(_runs())


@cache
def measure() -> "Measure":
    from video_pipeline.adapters.ledger.census import DynamoCensus
    from video_pipeline.use_cases.measure import Measure

    ledger = config.LedgerEnvironment.read(os.environ)
    return Measure(
        census=DynamoCensus(aws.dynamodb(), ledger.table_name),
        account=_account(),
        policy=_policy(),
        clock=SystemClock(),
        daily_cap=to_units(ledger.daily_credit_limit),
    )


def count(name: str, value: int = 1) -> None:
    """Count something for the people who watch."""
    emit(Figure(name, value))


def emit(figure: Figure) -> None:
    from video_pipeline.adapters.metrics import emit

    emit(figure)


def _watch(move: Move) -> None:
    """Log a move that the ledger took, and tell its figures."""
    log_move(move)
    for figure in figures_of(move):
        emit(figure)


@cache
def graveyard() -> "Graveyard":
    from video_pipeline.adapters.graveyard import Graveyard

    return Graveyard(aws.s3(), config.GraveyardEnvironment.read(os.environ).intake_bucket)


@cache
def _ledger() -> "DynamoLedger":
    from video_pipeline.adapters.ledger.jobs import DynamoLedger

    ledger = config.LedgerEnvironment.read(os.environ)
    return DynamoLedger(
        aws.dynamodb(),
        ledger.table_name,
        daily_cap=to_units(ledger.daily_credit_limit),
        retention_days=ledger.retention_days,
        on_move=_watch,
    )


@cache
def _drops() -> "DynamoDrops":
    from video_pipeline.adapters.ledger.drops import DynamoDrops

    ledger = config.LedgerEnvironment.read(os.environ)
    return DynamoDrops(aws.dynamodb(), ledger.table_name, retention_days=ledger.retention_days)


@cache
def _provider() -> "EvolinkProvider":
    from video_pipeline.adapters.evolink import EvolinkProvider

    provider = config.ProviderEnvironment.read(os.environ)
    secrets = _secrets()
    return EvolinkProvider(
        provider.provider_base_url,
        lambda: secrets.value(provider.provider_secret_arn),
        provider.create_timeout_seconds,
        provider.read_timeout_seconds,
        allowed_local_hosts=provider.allowed_local_hosts,
    )


@cache
def _runs() -> "StepFunctionsRuns":
    from video_pipeline.adapters.runs import StepFunctionsRuns

    arn = config.RunsEnvironment.read(os.environ).state_machine_arn
    return StepFunctionsRuns(aws.step_functions(), arn)


def _prices() -> "PriceList":
    from video_pipeline.adapters.price_list import load_prices

    return load_prices(config.PricesEnvironment.read(os.environ).price_list)


def _open_next_run() -> "OpenNextRun":
    from video_pipeline.use_cases.open_next_run import OpenNextRun

    return OpenNextRun(_ledger(), _runs())


def _hold() -> "Hold":
    from video_pipeline.use_cases.hold import Hold

    return Hold(_account(), _provider(), _change_account(), SystemClock())


def _change_account() -> "ChangeAccount":
    from video_pipeline.use_cases.change_account import ChangeAccount

    return ChangeAccount(_account(), _bus(), count)


@cache
def _account() -> "DynamoAccount":
    from video_pipeline.adapters.ledger.account import DynamoAccount

    ledger = config.LedgerEnvironment.read(os.environ)
    return DynamoAccount(aws.dynamodb(), ledger.table_name, retention_days=ledger.retention_days)


@cache
def _bus() -> "EventBridgeBus":
    from video_pipeline.adapters.bus import EventBridgeBus

    return EventBridgeBus(aws.events, config.BusEnvironment.read(os.environ).event_bus_name)


def _show_receipt() -> "ShowReceipt":
    from video_pipeline.adapters.intake import S3Receipts
    from video_pipeline.use_cases.show_receipt import ShowReceipt

    return ShowReceipt(_drops(), S3Receipts(aws.s3()), SystemClock(), _policy())


def _finish_drop() -> "FinishDrop":
    from video_pipeline.use_cases.finish_drop import FinishDrop

    return FinishDrop(_drops(), _close_drop, _show_receipt(), _bus())


def _close_drop(drop: "Drop") -> "Drop":
    """Close a drop; few turns do, and the others need not load what a report is made of."""
    return _closer()(drop)


@cache
def _closer() -> "CloseDrop":
    from video_pipeline.adapters.reports import S3Reports
    from video_pipeline.use_cases.close_drop import CloseDrop

    return CloseDrop(_drops(), S3Reports(aws.s3()), SystemClock())


@cache
def _intake() -> "S3Intake":
    from video_pipeline.adapters.intake import S3Intake

    return S3Intake(aws.s3())


@cache
def _secrets() -> "Secrets":
    from video_pipeline.adapters.secrets import Secrets

    return Secrets(aws.secrets_manager())


def _policy() -> Policy:
    chosen = config.PolicyEnvironment.read(os.environ)
    return Policy(
        max_attempts=chosen.max_attempts,
        stuck_after=timedelta(hours=chosen.stuck_after_hours),
        reference_patience=timedelta(minutes=chosen.reference_patience_minutes),
    )
