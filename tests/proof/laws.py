"""The laws of one job, as things that can be said of a single state."""

from tests.proof.state import State
from video_pipeline.domain.job import ENDS, RESTS, Job, JobState

ENDING = {JobState.ARCHIVED: "Video Archived", JobState.FAILED: "Video Failed"}


def paid_once(state: State) -> str | None:
    """No attempt has two paid tasks, and none follows one that may have been billed."""
    tasks = state.tasks
    attempts = [sent.attempt for sent in tasks]
    if len(set(attempts)) < len(attempts):
        return "an attempt was paid twice"
    if any(sent.status != "failed" for sent in tasks[:-1]):
        return "a second attempt was bought although the first is or may be billed"
    return None


def money_is_accounted_for(state: State) -> str | None:
    """What is reserved is what the job says, and an end leaves nothing reserved."""
    job = state.stored
    if state.reserved != job.reserved or state.charged != (job.charge or 0):
        return "the day's credits drift from the job's"
    if job.state in ENDS and job.reserved:
        return "an end left credits reserved"
    if job.state is JobState.UNCONFIRMED and not job.reserved:
        return "an unconfirmed job lost its reservation"
    return None


def counted_once(state: State) -> str | None:
    """The drop's counter moves once, when the job first comes to rest."""
    if state.remaining != 1 - state.stored.counted:
        return "the drop's counter moved twice"
    if state.stored.state in RESTS and not state.stored.counted:
        return "a job at rest was not counted"
    return None


def events_have_no_gap(state: State) -> str | None:
    """Events are numbered without a gap and told in their order."""
    job = state.stored
    if len(state.kinds) != job.sequence:
        return "a number was given twice or never"
    if state.told != tuple(range(1, len(state.told) + 1)):
        return "an event was told before an earlier one"
    if job.published > len(state.told):
        return "an event counts as told that nobody told"
    end = ENDING.get(job.state)
    if end is not None and (not state.kinds or state.kinds[-1] != end):
        return "an end has no event"
    return None


def every_end_of_a_drop_is_told(state: State) -> str | None:
    """An end that a redrive undoes was told before; what counts as told was published."""
    due = state.closings - (state.drop == "closed")
    if not set(range(1, due + 1)) <= state.ends_told:
        return "an end of the drop was never told"
    return None


def archived_means_stored(state: State) -> str | None:
    if state.stored.state is JobState.ARCHIVED and not state.videos:
        return "archived without a video"
    return None


def never_replaced(state: State) -> str | None:
    """Whoever comes second adopts what the first one wrote."""
    return "a good video was written over" if state.videos > 1 else None


def only_honest_failures(state: State) -> str | None:
    """A job fails only when nothing can have been bought, or its task failed."""
    if state.stored.state is JobState.FAILED and any(s.status != "failed" for s in state.tasks):
        return "a job failed although its task may end well"
    return None


def ends_are_reported_first(state: State) -> str | None:
    if state.drop != "open" and not state.reported:
        return "a drop was closed before its report was written"
    return None


LAWS = (
    paid_once,
    money_is_accounted_for,
    counted_once,
    events_have_no_gap,
    every_end_of_a_drop_is_told,
    archived_means_stored,
    never_replaced,
    only_honest_failures,
    ends_are_reported_first,
)


def is_at_its_end(state: State) -> bool:
    """Nothing runs, nothing waits, everything is told."""
    job = state.stored
    quiet = not state.actors and not any(map(state.is_alive, range(1, len(state.runs) + 1)))
    told = state.drop == "told" and len(state.told) == job.sequence == job.published
    return quiet and told and job.state in RESTS and job.open_run is None and not state.queue


def known_video(state: State) -> bool:
    """A finished task whose id reached us, by answer or by claim."""
    return any(
        sent.status == "completed" and _reached_us(state, state.stored, number)
        for number, sent in enumerate(state.tasks)
    )


def _reached_us(state: State, job: Job, number: int) -> bool:
    name = f"task-{number}"
    return job.task_id == name or (job.attempt, name) in state.claims


def is_archived(state: State) -> bool:
    return state.stored.state is JobState.ARCHIVED
