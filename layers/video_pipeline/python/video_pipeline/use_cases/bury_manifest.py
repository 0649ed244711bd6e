"""A drop that could not be taken in again and again: tell it as rejected."""

from dataclasses import dataclass
from datetime import timedelta

from video_pipeline.domain.drop import Drop, DropState
from video_pipeline.domain.drop_events import rejected_event
from video_pipeline.domain.identity import drop_id, is_manifest
from video_pipeline.domain.problem import Problem
from video_pipeline.ports import Bus, Clock, DroppedFile, Drops, Intake
from video_pipeline.use_cases.show_receipt import ShowReceipt
from video_pipeline.use_cases.submit_manifest import DroppedObject, SubmitManifest, TimeLeft


@dataclass(frozen=True, slots=True)
class BuryManifest:
    intake: Intake
    drops: Drops
    bus: Bus
    show_receipt: ShowReceipt
    submit_manifest: SubmitManifest
    clock: Clock

    def __call__(
        self, dropped: DroppedObject, time_left: TimeLeft = lambda: timedelta.max
    ) -> Drop | DroppedObject | None:
        """Reject a drop of which nothing was promised; finish one that was half taken in.

        Its jobs may run already, so calling such a drop rejected would be untrue.
        What the time does not suffice for goes to the manifests queue.
        """
        if not is_manifest(dropped.key):
            return None
        found = self.intake.open(dropped.bucket, dropped.key, dropped.version_id)
        version_id = found.version_id if found else dropped.version_id or "gone"
        known = self.drops.drop(drop_id(dropped.bucket, dropped.key, version_id))
        if known is not None and known.state is not DropState.REJECTED:
            return self.submit_manifest(dropped, time_left)
        drop = self.drops.record(known or self._rejected(dropped, version_id, found), ())
        self.show_receipt(drop, drop.state_since)
        self.bus.publish(rejected_event(drop))
        return drop

    def _rejected(self, dropped: DroppedObject, version_id: str, found: DroppedFile | None) -> Drop:
        now = self.clock.now()
        message = f"{dropped.key} could not be taken in; the pipeline failed at it several times."
        fix = (
            "Drop it again, or show the receipt to who runs the pipeline: "
            f"`video-pipeline redrive {dropped.key}` takes this very drop in again."
        )
        return Drop(
            id=drop_id(dropped.bucket, dropped.key, version_id),
            bucket=dropped.bucket,
            key=dropped.key,
            version_id=version_id,
            dropped_at=found.dropped_at if found else now,
            recorded_at=now,
            state=DropState.REJECTED,
            state_since=now,
            problems=(Problem("undeliverable", "$", message, value=dropped.key, fix=fix),),
        )
