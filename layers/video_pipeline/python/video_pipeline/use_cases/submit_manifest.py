"""Take a dropped manifest in: validate it, promise and start its jobs, tell it.

What one invocation has no time for goes back to the queue as a message that names the next slice:
first every slice is validated, then every slice is registered.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from enum import StrEnum

from video_pipeline.domain.drop import Drop, DropState
from video_pipeline.domain.drop_events import accepted_event, rejected_event
from video_pipeline.domain.findings import Findings
from video_pipeline.domain.identity import drop_id, folder_of, is_manifest
from video_pipeline.domain.problem import Problem
from video_pipeline.domain.slices import Verdict
from video_pipeline.ports import (
    Bus,
    Clock,
    DroppedFile,
    Drops,
    Intake,
    ManifestSlices,
    ManifestsQueue,
    ReadableFile,
)
from video_pipeline.use_cases.finish_drop import FinishDrop
from video_pipeline.use_cases.register_jobs import RegisterJobs
from video_pipeline.use_cases.show_receipt import ShowReceipt
from video_pipeline.use_cases.validate_manifest import (
    MOST_PROBLEMS,
    OpenedManifest,
    ValidateManifest,
)

ROOM_FOR_A_SLICE = timedelta(seconds=90)
"""Time that must be left to begin one more slice; an invocation always does its first."""

OpenManifest = Callable[[ReadableFile, str, str, Findings], ManifestSlices | None]
"""Opens a manifest that lies in a bucket under a key; findings are told what is wrong."""

TimeLeft = Callable[[], timedelta]


class Phase(StrEnum):
    VALIDATE = "validate"
    REGISTER = "register"


@dataclass(frozen=True, slots=True)
class DroppedObject:
    """One object in the intake bucket, and the slice to go on with.

    Without a version the newest one is meant.
    """

    bucket: str
    key: str
    version_id: str | None
    phase: Phase = Phase.VALIDATE
    slice: int = 0

    @classmethod
    def read(cls, message: str) -> "DroppedObject":
        """Read an EventBridge "Object Created", or what an earlier invocation left to do.

        Raises ValueError, KeyError or TypeError.
        """
        body = json.loads(message)
        if "slice" in body:
            return cls(**{**body, "phase": Phase(body["phase"]), "slice": int(body["slice"])})
        found = body["detail"]["object"]
        return cls(body["detail"]["bucket"]["name"], found["key"], found.get("version-id"))

    def message(self) -> str:
        """Write what `read` reads, in ASCII: a queue takes fewer characters than a key may hold."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class SubmitManifest:
    intake: Intake
    open_manifest: OpenManifest
    drops: Drops
    validate_manifest: ValidateManifest
    register_jobs: RegisterJobs
    queue: ManifestsQueue
    bus: Bus
    finish_drop: FinishDrop
    show_receipt: ShowReceipt
    clock: Clock

    def __call__(
        self, dropped: DroppedObject, time_left: TimeLeft = lambda: timedelta.max
    ) -> Drop | DroppedObject | None:
        """Do what a drop asks for, as far as the time goes; doing it again adds nothing.

        Return the drop when all is done, what was left to the queue when it is not,
        and None for an object that is no manifest.
        """
        if not is_manifest(dropped.key):
            return None
        file = self.intake.open(dropped.bucket, dropped.key, dropped.version_id)
        if file is None:
            return self._without_file(dropped)
        work = self._work(dropped, file, time_left)
        drop = self.drops.drop(work.manifest.drop_id)
        return self._validate(work) if drop is None else self._go_on(work, drop)

    def _without_file(self, dropped: DroppedObject) -> Drop:
        """Reject a drop that nobody can read; one that was taken in before stays what it is."""
        drop = self.drops.record(self._drop(dropped, None, _gone(dropped)), ())
        if drop.state is DropState.REJECTED:
            return self._tell_rejected(drop)
        if len(self.drops.jobs_of(drop.id)) < drop.total:
            raise LookupError(f"{dropped.key} was deleted while its jobs were being made.")
        return self._close_if_ended(drop.id)

    def _work(self, dropped: DroppedObject, file: DroppedFile, time_left: TimeLeft) -> "_Work":
        findings = Findings()
        manifest = OpenedManifest(
            dropped.bucket,
            dropped.key,
            file.version_id,
            self.open_manifest(file, dropped.bucket, dropped.key, findings),
            findings,
        )
        dropped = replace(dropped, version_id=file.version_id)
        return _Work(dropped, file, manifest, lambda: time_left() >= ROOM_FOR_A_SLICE)

    def _validate(self, work: "_Work") -> Drop | DroppedObject:
        dropped = work.dropped
        number = dropped.slice if dropped.phase is Phase.VALIDATE else 0
        verdict = self.validate_manifest(work.manifest, number, work.has_time)
        if isinstance(verdict, int):
            return self._leave(replace(dropped, phase=Phase.VALIDATE, slice=verdict))
        if not verdict.errors:
            verdict = replace(verdict, errors=self._foreign_folder(dropped))
        pages = () if verdict.errors else verdict.pages
        drop = self.drops.record(self._drop(dropped, work.file, verdict), pages)
        return self._go_on(work, drop)

    def _go_on(self, work: "_Work", drop: Drop) -> Drop | DroppedObject:
        """Do what is left of a drop that is decided, whoever decided it."""
        if drop.state is DropState.REJECTED:
            return self._tell_rejected(drop)
        if drop.state is DropState.ACCEPTED:
            left = self._register(work, drop)
            if left is not None:
                return left
        return self._close_if_ended(drop.id)

    def _register(self, work: "_Work", drop: Drop) -> DroppedObject | None:
        slices, pages = work.manifest.slices, self.drops.roster(drop.id)
        if slices is None:
            raise LookupError(f"The accepted manifest {drop.key} cannot be read any more.")
        number = work.dropped.slice if work.dropped.phase is Phase.REGISTER else 0
        if number == 0:
            self.bus.publish(accepted_event(drop))
            if len(pages) > 1:
                self.show_receipt(drop, drop.state_since)
        left = self.register_jobs(drop, pages, slices, number, work.has_time)
        if left is not None:
            return self._leave(replace(work.dropped, phase=Phase.REGISTER, slice=left))
        self.show_receipt.at_once(drop.id)
        return None

    def _leave(self, rest: DroppedObject) -> DroppedObject:
        self.queue.send(rest.message())
        return rest

    def _drop(self, dropped: DroppedObject, file: DroppedFile | None, verdict: Verdict) -> Drop:
        now = self.clock.now()
        version_id = dropped.version_id or "gone"
        return Drop(
            id=drop_id(dropped.bucket, dropped.key, version_id),
            bucket=dropped.bucket,
            key=dropped.key,
            version_id=version_id,
            dropped_at=file.dropped_at if file else now,
            recorded_at=now,
            state=DropState.REJECTED if verdict.errors else DropState.ACCEPTED,
            state_since=now,
            total=0 if verdict.errors else verdict.jobs,
            remaining=0 if verdict.errors else verdict.jobs,
            metadata=verdict.metadata,
            problems=(verdict.errors or verdict.warnings)[:MOST_PROBLEMS],
        )

    def _foreign_folder(self, dropped: DroppedObject) -> tuple[Problem, ...]:
        folder = folder_of(dropped.key)
        owner = self.drops.owner_of_folder(folder, dropped.key)
        if owner == dropped.key:
            return ()
        message = f"{dropped.key} would archive into {folder}/, which belongs to {owner}."
        fix = f"Rename {dropped.key}, or drop its jobs in {owner}."
        return (Problem("foreign_folder", "$", message, value=dropped.key, fix=fix),)

    def _tell_rejected(self, drop: Drop) -> Drop:
        self.show_receipt(drop, drop.state_since)
        self.bus.publish(rejected_event(drop))
        return drop

    def _close_if_ended(self, drop_id: str) -> Drop:
        """Close a drop whose jobs had all ended for earlier drops: no run will do it."""
        drop = self.drops.drop(drop_id)
        if drop is None:
            raise LookupError(f"The drop {drop_id} vanished from the ledger.")
        return self.finish_drop(drop)


@dataclass(frozen=True, slots=True)
class _Work:
    """What one message asks for, the manifest that it is about, and whether there is time."""

    dropped: DroppedObject
    file: DroppedFile
    manifest: OpenedManifest
    has_time: Callable[[], bool]


def _gone(dropped: DroppedObject) -> Verdict:
    message = f"{dropped.key} was deleted before it could be read."
    return Verdict(
        (Problem("manifest_gone", "$", message, value=dropped.key, fix="Drop it again."),)
    )
