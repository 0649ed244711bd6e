"""The conditional writes of adapters/ledger, on a value instead of a table."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

from tests.proof.replay import Raised
from tests.proof.state import State, bare
from video_pipeline.adapters.ledger.transaction import SHARED_FIELDS
from video_pipeline.domain.errors import StaleMoveError, TaskTakenError
from video_pipeline.domain.job import RESTS, Job
from video_pipeline.domain.moves import Move

OWN_FIELDS = tuple(field.name for field in fields(Job) if field.name not in SHARED_FIELDS)
Outcome = tuple[object, State]


def job(state: State) -> Outcome:
    return state.stored, state


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a commit holds itself to; a variant of the product leaves one out."""

    counts_once: bool = True
    end_is_told: bool = True
    rings: bool = True


def commit(state: State, move: Move, in_its_run: bool) -> Outcome:
    return committed(state, move, in_its_run, Conditions())


def commit_counting_each_end(state: State, move: Move, in_its_run: bool) -> Outcome:
    return committed(state, move, in_its_run, Conditions(counts_once=False))


def commit_opening_untold_drops(state: State, move: Move, in_its_run: bool) -> Outcome:
    return committed(state, move, in_its_run, Conditions(end_is_told=False))


def commit_without_ring(state: State, move: Move, in_its_run: bool) -> Outcome:
    return committed(state, move, in_its_run, Conditions(rings=False))


def committed(state: State, move: Move, in_its_run: bool, held_to: Conditions) -> Outcome:
    stored, before, after = state.stored, move.before, bare(move.after)
    if stored.revision != before.revision or (in_its_run and stored.open_run != before.open_run):
        return Raised(StaleMoveError), state
    reopened = before.counted and not after.counted
    if reopened and held_to.end_is_told and state.drop != "told":
        return Raised(StaleMoveError), state
    owner = None
    if after.task_id is not None and after.task_id != before.task_id:
        owner = (after.task_id, after.attempt)
        if any(task == owner[0] and attempt != owner[1] for task, attempt in state.owners):
            return Raised(TaskTakenError), state
    state = _written(state, move, after, held_to)
    return after, state._replace(owners=state.owners | ({owner} if owner else set()))


def _written(state: State, move: Move, after: Job, held_to: Conditions) -> State:
    before, stored = move.before, state.stored
    changes = {
        name: getattr(after, name)
        for name in OWN_FIELDS
        if getattr(after, name) != getattr(before, name)
    }
    rung = stored.rings + (move.rings and held_to.rings)
    counted = after.counted - before.counted
    if not held_to.counts_once and after.state is not before.state and after.state in RESTS:
        counted = 1
    state = state.with_job(replace(stored, **changes, rings=rung))._replace(
        indexed=True,
        reserved=state.reserved + after.reserved - before.reserved,
        charged=state.charged + (after.charge or 0) - (before.charge or 0),
        remaining=state.remaining - counted,
    )
    if before.counted and not after.counted:
        state = state._replace(drop="open", reported=False)
    if move.event is not None:
        state = state._replace(kinds=(*state.kinds, move.event.type))
    return state


def claim(state: State, attempt: int, task_id: str | None) -> Outcome:
    if task_id is None:
        return None, state
    return None, state._replace(claims=state.claims | {(attempt, task_id)})


def count_ring(state: State) -> Outcome:
    rung = replace(state.stored, rings=state.stored.rings + 1)
    return rung, state.with_job(rung)


def ring(state: State, attempt: int, task_id: str | None) -> Outcome:
    return count_ring(claim(state, attempt, task_id)[1])


def claims(state: State, attempt: int) -> Outcome:
    return tuple(sorted(task for owner, task in state.claims if owner == attempt)), state


def open_run(state: State, was: int | None, run: int) -> Outcome:
    stored = state.stored
    if stored.last_run >= run or stored.open_run != was:
        return False, state
    opened = replace(stored, open_run=run, last_run=run)
    return True, state.with_job(opened)._replace(indexed=True)


def open_run_blindly(state: State, was: int | None, run: int) -> Outcome:
    """Open whatever run was open meanwhile, as a broken ledger would."""
    return True, state.with_job(replace(state.stored, open_run=run, last_run=run))


def close_run(state: State, seen: Job) -> Outcome:
    stored = state.stored
    same = (stored.open_run, stored.state, stored.rings, stored.revision) == (
        seen.open_run or 0,
        seen.state,
        seen.rings,
        seen.revision,
    )
    if not same or stored.published < seen.sequence:
        return False, state
    return True, closed(state, seen)


def close_by_rings(state: State, seen: Job) -> Outcome:
    """Close on the ring count alone, whatever the state has become."""
    if (state.stored.open_run, state.stored.rings) != (seen.open_run or 0, seen.rings):
        return False, state
    return True, closed(state, seen)


def close_unseen(state: State, seen: Job) -> Outcome:
    """Close without the condition, and call every ring seen, as a broken ledger would."""
    return True, closed(state, replace(seen, rings=state.stored.rings))


def closed(state: State, seen: Job) -> State:
    job = replace(state.stored, closed_rings=seen.rings, open_run=None, token=None, token_run=None)
    state = state.with_job(job)
    return state._replace(indexed=state.indexed and not seen.is_ended)


def arm(state: State, run: int, rings: int) -> State | None:
    """Store a token as AwaitCompletion does; None when its condition fails."""
    stored = state.stored
    if (stored.open_run, stored.rings) != (run, rings):
        return None
    return state.with_job(replace(stored, token=str(run), token_run=run))


def untold(state: State, published: int, sequence: int) -> Outcome:
    numbered = enumerate(state.kinds, start=1)
    return tuple(pair for pair in numbered if published < pair[0] <= sequence), state


def mark_told(state: State, sequence: int) -> Outcome:
    stored = state.stored
    if stored.published >= sequence:
        return None, state
    return None, state.with_job(replace(stored, published=sequence))


def unfinished(state: State) -> Outcome:
    return ((state.stored,) if state.indexed else ()), state


def drop(state: State) -> Outcome:
    return (state.drop, state.remaining, state.closings), state


def close_drop(state: State, closings: int) -> Outcome:
    if (state.drop, state.remaining, state.closings) == ("open", 0, closings):
        state = state._replace(drop="closed", closings=closings + 1)
    return drop(state)[0], state


def drop_told(state: State, closings: int) -> Outcome:
    if (state.drop, state.closings) == ("closed", closings):
        state = state._replace(drop="told")
    return None, state


def write_report(state: State) -> Outcome:
    return None, state._replace(reported=True)


OPERATIONS: dict[str, Callable[..., Outcome]] = {
    operation.__name__: operation
    for operation in (
        job,
        commit,
        commit_counting_each_end,
        commit_opening_untold_drops,
        commit_without_ring,
        claim,
        count_ring,
        ring,
        claims,
        open_run,
        open_run_blindly,
        close_run,
        close_by_rings,
        close_unseen,
        untold,
        mark_told,
        unfinished,
        drop,
        write_report,
        close_drop,
        drop_told,
    )
}
