"""Take a dropped manifest in: read it, promise its jobs, start them, tell it."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from video_pipeline.domain.budget import too_dear
from video_pipeline.domain.drop import Drop, DropState, common_metadata
from video_pipeline.domain.drop_events import accepted_event, completed_event, rejected_event
from video_pipeline.domain.identity import drop_id, folder_of, is_manifest, job_ids
from video_pipeline.domain.job import Job, JobState
from video_pipeline.domain.manifest import JobDraft, Manifest, Reading
from video_pipeline.domain.prices import PriceList
from video_pipeline.domain.problem import Problem
from video_pipeline.ports import Bus, Clock, Drops, Intake, ReadObject, Runs
from video_pipeline.use_cases.show_receipt import ShowReceipt

MOST_PROBLEMS = 200
FIRST_RUN = 1

SideBySide = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""Applies a function to each of many, in order of results, like the built-in `map`."""

ReadManifest = Callable[[bytes, str, str], Reading]
"""Reads the bytes of a manifest that lies in a bucket under a key."""


@dataclass(frozen=True, slots=True)
class DroppedObject:
    """One object in the intake bucket; its newest version when the event names none."""

    bucket: str
    key: str
    version_id: str | None

    @classmethod
    def read(cls, message: str) -> "DroppedObject":
        """Read an EventBridge "Object Created"; raises ValueError, KeyError or TypeError."""
        detail = json.loads(message)["detail"]
        found = detail["object"]
        return cls(detail["bucket"]["name"], found["key"], found.get("version-id"))


@dataclass(frozen=True, slots=True)
class SubmitManifest:
    intake: Intake
    read_manifest: ReadManifest
    drops: Drops
    runs: Runs
    bus: Bus
    show_receipt: ShowReceipt
    prices: PriceList
    clock: Clock
    side_by_side: SideBySide = map

    def __call__(self, dropped: DroppedObject) -> Drop | None:
        """Do everything that a drop asks for; doing it again adds nothing."""
        if not is_manifest(dropped.key):
            return None
        found = self.intake.read(dropped.bucket, dropped.key, dropped.version_id)
        if found is None:
            return self._reject(self._drop(dropped, None, _gone(dropped)))
        reading = self.read_manifest(found.body, dropped.bucket, dropped.key)
        drop = self._drop(dropped, found, reading)
        if reading.manifest is None or drop.state is DropState.REJECTED:
            return self._reject(drop)
        return self._accept(drop, reading.manifest)

    def _drop(self, dropped: DroppedObject, found: ReadObject | None, reading: Reading) -> Drop:
        now = self.clock.now()
        version_id = found.version_id if found else dropped.version_id or "gone"
        errors = reading.errors or self._refusals(dropped, reading.manifest)
        return Drop(
            id=drop_id(dropped.bucket, dropped.key, version_id),
            bucket=dropped.bucket,
            key=dropped.key,
            version_id=version_id,
            dropped_at=found.dropped_at if found else now,
            recorded_at=now,
            state=DropState.REJECTED if errors else DropState.ACCEPTED,
            state_since=now,
            metadata=_common_metadata(reading.manifest),
            problems=(errors or reading.warnings)[:MOST_PROBLEMS],
        )

    def _refusals(self, dropped: DroppedObject, manifest: Manifest | None) -> tuple[Problem, ...]:
        """Return what only the pipeline can know to be wrong with a sound manifest."""
        if manifest is None:
            return ()
        return (*self._foreign_folder(dropped), *too_dear(manifest, self.prices))

    def _foreign_folder(self, dropped: DroppedObject) -> tuple[Problem, ...]:
        folder = folder_of(dropped.key)
        owner = self.drops.owner_of_folder(folder, dropped.key)
        if owner == dropped.key:
            return ()
        message = f"{dropped.key} would archive into {folder}/, which belongs to {owner}."
        fix = f"Rename {dropped.key}, or drop its jobs in {owner}."
        return (Problem("foreign_folder", "$", message, value=dropped.key, fix=fix),)

    def _reject(self, drop: Drop) -> Drop:
        drop = self.drops.record(drop, ())
        self.show_receipt(drop, drop.state_since)
        self.bus.publish(rejected_event(drop))
        return drop

    def _accept(self, drop: Drop, manifest: Manifest) -> Drop:
        named = list(job_ids(manifest, drop.bucket, drop.key, drop.version_id))
        total = len(named)
        drop = self.drops.record(
            replace(drop, total=total, remaining=total), [job_id for job_id, _ in named]
        )
        promised = (self._job(job_id, draft, drop) for job_id, draft in named)
        jobs = list(self.side_by_side(lambda job: self.drops.add_job(job, drop.id)[0], promised))
        self.bus.publish(accepted_event(drop))
        self.show_receipt(drop, drop.state_since)
        self._start(jobs)
        return self._close_if_ended(drop.id)

    def _job(self, job_id: str, draft: JobDraft, drop: Drop) -> Job:
        return Job(
            id=job_id,
            bucket=drop.bucket,
            manifest_key=drop.key,
            version_id=drop.version_id,
            name=draft.shown_name,
            folder=f"{folder_of(drop.key)}/{draft.shown_name}",
            request=draft.request,
            metadata=draft.metadata,
            deadline=draft.deadline,
            created_at=drop.recorded_at,
            state_since=drop.recorded_at,
            drops=frozenset({drop.id}),
            open_run=FIRST_RUN,
            last_run=FIRST_RUN,
        )

    def _start(self, jobs: Sequence[Job]) -> None:
        accepted = (job for job in jobs if job.state is JobState.ACCEPTED)
        waiting = [(job.id, job.open_run) for job in accepted if job.open_run is not None]
        list(self.side_by_side(lambda named: self.runs.start(*named), waiting))

    def _close_if_ended(self, drop_id: str) -> Drop:
        """Close a drop whose jobs had all ended for earlier drops: no run will do it."""
        drop = self.drops.drop(drop_id)
        if drop is None:
            raise LookupError(f"The drop {drop_id} vanished from the ledger.")
        if drop.can_close:
            now = self.clock.now()
            drop = self.drops.close(
                drop, completed_event(drop, self.drops.jobs_of(drop.id), now), now
            )
            self.show_receipt(drop, drop.state_since)
        if drop.completion is not None and not drop.told:
            self.bus.publish(drop.completion)
            self.drops.mark_completion_told(drop.id)
            drop = replace(drop, told=True)
        return drop


def _common_metadata(manifest: Manifest | None) -> dict[str, str]:
    return common_metadata([job.metadata for job in manifest.jobs]) if manifest else {}


def _gone(dropped: DroppedObject) -> Reading:
    message = f"{dropped.key} was deleted before it could be read."
    problem = Problem("manifest_gone", "$", message, value=dropped.key, fix="Drop it again.")
    return Reading(manifest=None, errors=(problem,))
