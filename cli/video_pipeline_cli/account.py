"""Pause or resume every submission of a stack."""

from video_pipeline.domain.control import PAUSES, PERSON, Control, paused_by_person, resumed
from video_pipeline.use_cases.change_account import ChangeAccount
from video_pipeline_cli import show
from video_pipeline_cli.answer import DONE, Answer, Document
from video_pipeline_cli.target import Target

HELD_JOBS = (
    "Held jobs go on by themselves, the longest waiting last: an hour and a quarter at most."
)


def pause(target: Target, why: str) -> Answer:
    """Hold every paid call back until `resume`; calls under way go on."""
    control = target.account.control()
    control = _change(target)(paused_by_person(control, why, target.clock.now()))
    told = "No paid call begins any more; what is under way goes on."
    return Answer({"submission": document(control)}, DONE, (words(control), told))


def resume(target: Target) -> Answer:
    control = target.account.control()
    ended = control.paused is not None
    control = _change(target)(resumed(control, PERSON, target.clock.now()))
    told = HELD_JOBS if ended else "It was not paused."
    return Answer({"submission": document(control)}, DONE, (words(control), told))


def document(control: Control) -> Document:
    paused = control.paused is not None
    return {
        "paused": paused,
        "reason": control.paused,
        "message": control.message,
        "since": control.since.isoformat() if control.since and paused else None,
        "not_before": control.not_before.isoformat() if control.not_before else None,
        "next_step": PAUSES.get(control.paused or ""),
    }


def words(control: Control) -> str:
    if control.paused is None:
        return "[green]Submission is open.[/]"
    since = f" since {show.clock(control.since)} UTC" if control.since else ""
    return f"[yellow]Submission is paused[/] ({control.paused}){since}: {control.message}"


def _change(target: Target) -> ChangeAccount:
    """A person's change is no metric of its own; reconcile counts how long a pause holds."""
    return ChangeAccount(target.account, target.bus, count=lambda _: None)
