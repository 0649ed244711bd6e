"""Let days pass for one job, although its functions run for seconds."""

from datetime import datetime, timedelta

from crash_proof.inside import invocation
from crash_proof.inside.plans import hours_ahead
from video_pipeline.adapters.clock import SystemClock


def watch() -> None:
    """Put the function's one clock ahead from outside; what AWS signs with is not touched."""
    real = SystemClock.now

    def ahead(self: SystemClock) -> datetime:
        hours = hours_ahead(invocation.FOLDER, invocation.subject)
        return real(self) + timedelta(hours=hours)

    SystemClock.now = ahead  # type: ignore[method-assign]  # this is the hook
