"""Hold ledger, executions, provider and archive against each other; mend what is safe."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from video_pipeline.domain.discrepancy import Discrepancy, Kind
from video_pipeline.ports import Clock, Drops
from video_pipeline.use_cases.compare_tasks import CompareTasks
from video_pipeline.use_cases.find_forsaken import FindForsaken
from video_pipeline.use_cases.finish_drop import FinishDrop


@dataclass(frozen=True, slots=True)
class Reconcile:
    """`patience` is how long a drop may stand still before it is looked at."""

    find_forsaken: FindForsaken
    compare_tasks: CompareTasks
    drops: Drops
    finish_drop: FinishDrop
    clock: Clock
    patience: timedelta

    def __call__(self) -> tuple[Discrepancy, ...]:
        """Return all that was found, mended or not; what waits for us alone comes first."""
        return (*self.find_forsaken(), *self._open_drops(), *self.compare_tasks())

    def _open_drops(self) -> Iterator[Discrepancy]:
        for drop in self.drops.unfinished(self.clock.now() - self.patience):
            if drop.can_close or drop.completion is not None:
                self.finish_drop(drop)
                message = f"All jobs of {drop.key} had ended, and nobody had told it."
                yield Discrepancy(Kind.OPEN_DROP, message, drop_id=drop.id, repaired=True)
