"""Close a drop whose jobs have all ended: report on them, then write down the event."""

from dataclasses import dataclass

from video_pipeline.domain.completion_report import completion_report
from video_pipeline.domain.drop import Drop
from video_pipeline.domain.drop_events import completed_event
from video_pipeline.ports import Clock, Drops, Reports


@dataclass(frozen=True, slots=True)
class CloseDrop:
    drops: Drops
    reports: Reports
    clock: Clock

    def __call__(self, drop: Drop) -> Drop:
        """Return the drop as it is afterwards.

        The report is written first and once, and the event is made of what was written:
        a crash in between, or two that close at once, change neither.
        """
        now = self.clock.now()
        report = completion_report(drop, self.drops.each_job_of(drop.id), now)
        written = self.reports.write_once(drop, report)
        return self.drops.close(drop, completed_event(drop, written), now)
