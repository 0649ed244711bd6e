"""Close a drop whose jobs have all ended, show and tell it, where no run does."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from video_pipeline.domain.drop import Drop
from video_pipeline.ports import Bus, Drops
from video_pipeline.use_cases.show_receipt import ShowReceipt


@dataclass(frozen=True, slots=True)
class FinishDrop:
    drops: Drops
    close_drop: Callable[[Drop], Drop]
    show_receipt: ShowReceipt
    bus: Bus

    def __call__(self, drop: Drop) -> Drop:
        """Do what is left of it, also where another began and died; the receipts come first."""
        if drop.can_close:
            drop = self.close_drop(drop)
        if drop.completion is not None and not drop.told:
            self.show_receipt.at_once(drop.id)
            self.bus.publish(drop.completion)
            self.drops.mark_completion_told(drop.completion.id)
            drop = replace(drop, told=True)
        return drop
