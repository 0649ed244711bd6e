from datetime import timedelta

from video_pipeline_cli.answer import Answer
from video_pipeline_cli.bars import Bars
from video_pipeline_cli.status import answer_of, nothing_open, open_drops, still_running
from video_pipeline_cli.target import Target
from video_pipeline_cli.views import View, follow, look

MOST_DROPS = 20


def watch(target: Target, name: str | None, seconds: float | None, *, quiet: bool) -> Answer:
    """Follow a job, a drop, or every recent drop that is under way, to the end."""
    names = [look(target, name).id] if name else open_drops(target, MOST_DROPS)
    if not names:
        return nothing_open()
    return still_running(answer_of(target, wait_for(target, names, seconds, quiet=quiet)))


def wait_for(target: Target, names: list[str], seconds: float | None, *, quiet: bool) -> list[View]:
    give_up = None if seconds is None else target.clock.now() + timedelta(seconds=seconds)
    with Bars(hidden=quiet) as bars:
        return follow(target, names, bars, give_up)
