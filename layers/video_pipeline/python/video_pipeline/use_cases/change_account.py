"""Pause or resume every submission, and tell it."""

from collections.abc import Callable
from dataclasses import dataclass

from video_pipeline.domain.control import Change, Control
from video_pipeline.ports import Account, Bus


@dataclass(frozen=True, slots=True)
class ChangeAccount:
    """`count` makes each event a metric of its name, for whoever watches."""

    account: Account
    bus: Bus
    count: Callable[[str], None]

    def __call__(self, change: Change | None) -> Control:
        """Make a change unless somebody else was quicker; return what holds now."""
        made = change is not None and self.account.change(change)
        control = change.after if change is not None and made else self.account.control()
        self.tell(control)
        return control

    def tell(self, control: Control) -> None:
        """Tell what nobody has told yet, for example because its teller was killed."""
        for event in self.account.untold(control):
            self.bus.publish(event)
            self.count(event.type.replace(" ", ""))
            self.account.mark_told(event.sequence)
