"""What can happen next: each actor's next outside call, and what the world does by itself."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, cast

from tests.proof import ledger
from tests.proof.actors import HANDOVER, UNDELIVERABLE, Wiring, next_of, number_of
from tests.proof.replay import Call, Ended, Raised
from tests.proof.state import JOB_ID, LONG_AGO, NOW, Actor, NoMetadata, Sent, State, intern
from video_pipeline.domain.answers import (
    AccountRefused,
    AccountTrouble,
    Created,
    NotSent,
    Refused,
    Unknown,
)
from video_pipeline.domain.errors import (
    FetchFailedError,
    JobBusyError,
    KeyTakenError,
    StaleMoveError,
)
from video_pipeline.domain.job import JobState
from video_pipeline.domain.next_step import ArchiveVideo, Await, Done, Later, Publish, Submit
from video_pipeline.domain.request import MODEL
from video_pipeline.domain.task import Task, TaskGone, TaskStatus
from video_pipeline.ports import FoundObject
from video_pipeline.use_cases.advance_job import Answer

CREATED = int(NOW.timestamp())
FOREIGN = 9  # a task that the provider does not know
QUIET = frozenset({"new_call_id", "drop", "untold", "is_alive", "find"})
"""Calls whose answer hangs on nobody else; they are made together with the call before."""

LOSABLE = {"commit": Raised(StaleMoveError), "open_run": False, "close_run": False}
"""Writes that may be made although their caller is told that they were refused."""


class Next(NamedTuple):
    """One thing that can happen; `fault` marks what need never happen."""

    label: str
    state: State
    fault: bool = False
    begins: Actor | None = None


class Outcome(NamedTuple):
    answer: Any
    state: State
    label: str = ""
    fault: bool = False


@dataclass(frozen=True)
class World:
    wiring: Wiring
    faults: int
    ends: tuple[str, ...] = ("completed", "failed")
    callbacks: int = 1
    workers: int = 2
    late_rings: bool = False
    redrives: int = 0
    lists: bool = False
    reconciles: bool = True

    def nexts(self, state: State) -> Iterator[Next]:
        """Yield everything that can happen in a state."""
        for happening in self._expanded(state):
            if not happening.fault:
                yield happening
            elif state.faults < self.faults:
                spent = happening.state._replace(faults=state.faults + 1)
                yield happening._replace(state=spent)

    def _expanded(self, state: State) -> Iterator[Next]:
        for label, after, fault, actor in self._all(state):
            if actor is None:
                yield Next(label, after, fault)
            else:
                yield from self._begun(label, after, actor, fault=fault)

    def _all(self, state: State) -> Iterator[Next]:
        for actor in dict.fromkeys(state.actors):
            yield from self._of_actor(state, actor)
        for number, position in enumerate(state.runs, start=1):
            yield from _of_run(state, number, position)
        yield from self._of_queue(state)
        yield from self._of_provider(state)
        yield from _of_time(state)
        yield from self._of_people(state)
        if self.lists:
            yield from self._of_list(state)
        idle = not any(state.acting("reconciler")) and not state.is_alive(state.stored.open_run)
        if self.reconciles and idle:
            racing = bool(state.actors)  # it leaves young jobs alone, so this is rare
            yield Next("reconcile:", state, fault=racing, begins=Actor("reconciler", ()))

    def _of_people(self, state: State) -> Iterator[Next]:
        """A redrive need never come, so it is a fault: no law may wait for one."""
        at_rest = state.stored.is_ended or state.stored.state is JobState.UNCONFIRMED
        if at_rest and state.redrives < self.redrives:
            asked = state._replace(redrives=state.redrives + 1)
            redriver = Actor("redriver", (state.redrives,))
            yield Next("a person redrives the job:", asked, fault=True, begins=redriver)

    def _of_list(self, state: State) -> Iterator[Next]:
        """The list shows a task that no callback brought; reconcile asks for it by its name."""
        if state.stored.state is not JobState.UNCONFIRMED or any(state.acting("asker")):
            return
        for number, sent in enumerate(state.tasks):
            if sent.shown and sent.attempt == state.stored.attempt:
                label = f"reconcile finds task-{number} in the list:"
                yield Next(label, state, begins=Actor("asker", (number,)))

    def _of_queue(self, state: State) -> Iterator[Next]:
        for attempt, run in sorted(state.queue):
            taken = state._replace(queue=state.queue - {(attempt, run)})
            name = f"order of attempt {attempt} by run {run}"
            worker = Actor("worker", (attempt, run))
            if sum(1 for _ in state.acting("worker")) < self.workers:
                yield Next(f"{name} is taken:", taken, begins=worker)
                yield Next(f"{name} is doubled:", state, fault=True, begins=worker)
            if state.runs[run - 1][0] == "submit":
                given_up = _hub(taken, run, 0, 0, UNDELIVERABLE)
                yield Next(f"{name} is given up", given_up, fault=True)

    def _of_provider(self, state: State) -> Iterator[Next]:
        for number, sent in enumerate(state.tasks):
            if sent.status == "running":
                for end in self.ends:
                    ended = state.with_task(number, status=end, callbacks=self.callbacks)
                    yield Next(f"task-{number} is {end}", ended)
            if sent.callbacks:
                left = state.with_task(number, callbacks=sent.callbacks - 1)
                yield Next(f"callback of task-{number} is lost", left)
                if self.late_rings or not state.stored.is_ended:
                    bell = Actor("callback", (sent.attempt, number))
                    yield Next(f"callback of task-{number}:", left, begins=bell)
                    yield Next(f"callback of task-{number}, doubled:", state, True, bell)
            if not sent.shown:
                yield Next(f"task-{number} can be read", state.with_task(number, shown=True))
        if state.stored.state is JobState.UNCONFIRMED:
            foreign = Actor("callback", (state.stored.attempt, FOREIGN))
            yield Next("a ring names a foreign task:", state, fault=True, begins=foreign)

    def _begun(self, label: str, state: State, actor: Actor, *, fault: bool) -> Iterator[Next]:
        """Begin a function with its first call; until then its beginning moves nothing."""
        coming = next_of(self.wiring, actor)
        assert isinstance(coming, Call)
        yield from self._called(label, state, actor, coming, fault=fault)

    def _of_actor(self, state: State, actor: Actor) -> Iterator[Next]:
        name = " ".join([actor.kind, *map(str, actor.arguments)])
        rest = state.without(actor)
        yield Next(f"{name} is killed", _killed(rest, actor), fault=True)
        coming = next_of(self.wiring, actor)
        assert isinstance(coming, Call)
        yield from self._called(f"{name}:", rest, actor, coming, fault=False)

    def _called(
        self, label: str, rest: State, actor: Actor, call: Call, *, fault: bool
    ) -> Iterator[Next]:
        for outcome in perform(rest, call):
            words = f"{label} {word_of(call)} {outcome.label}".rstrip()
            for happening in self._grown(outcome.state, actor, outcome.answer):
                failing = fault + outcome.fault + happening.fault
                if failing < 2:  # two faults are two steps
                    told = f"{words}, {happening.label}" if happening.label else words
                    yield Next(told, happening.state, fault=failing > 0)

    def _grown(self, state: State, actor: Actor, answer: Any) -> Iterator[Next]:
        """Go on to the next call that others can notice; after the last one, end or be killed."""
        actor = actor._replace(log=(*actor.log, intern(answer)))
        coming = next_of(self.wiring, actor)
        if isinstance(coming, Ended):
            yield Next("and ends", _ended(state, actor, coming))
            if actor.kind == "worker":
                yield Next("and is killed", _killed(state, actor), fault=True)
        elif coming.operation in QUIET:
            (outcome,) = perform(state, coming)
            yield from self._grown(outcome.state, actor, outcome.answer)
        else:
            yield Next("", state.with_actor(actor))


def perform(state: State, call: Call) -> Iterator[Outcome]:
    """Make one outside call; yield everything that it can come back with."""
    operation, word = call.operation, word_of(call)
    if operation in ledger.OPERATIONS:
        answer, after = ledger.OPERATIONS[operation](state, *call.arguments)
        yield Outcome(answer, after, _shown(call, answer))
        if word in LOSABLE and not isinstance(answer, Raised) and answer is not False:
            yield Outcome(LOSABLE[word], after, "is made, but its answer is lost", fault=True)
        return
    yield from globals()[f"_{operation}"](state, *call.arguments)


def word_of(call: Call) -> str:
    """Name an operation; a variant's commit is told as a commit."""
    return "commit" if call.operation.startswith("commit") else call.operation


def _shown(call: Call, answer: Any) -> str:
    if word_of(call) != "commit":
        return "refused" if answer is False else ""
    move = cast("Any", call.arguments[0])
    way = f"{move.before.state} to {move.after.state}"
    return f"{way} refused" if isinstance(answer, Raised) else way


def _new_call_id(state: State) -> Iterator[Outcome]:
    yield Outcome(f"call-{state.calls}", state._replace(calls=state.calls + 1))


def _create(state: State, attempt: int) -> Iterator[Outcome]:
    number = len(state.tasks)
    paid = state._replace(tasks=(*state.tasks, Sent(attempt)))
    hidden = paid.with_task(number, shown=False)
    name = f"task-{number}"
    lost = Unknown("timed out")
    yield Outcome(Created(name), paid, f"buys {name}")
    yield Outcome(lost, paid, f"buys {name}, answer lost", fault=True)
    yield Outcome(lost, hidden, f"buys {name}, answer lost, not readable yet", fault=True)
    yield Outcome(lost, state, "buys nothing, answer lost", fault=True)
    yield Outcome(NotSent("refused"), state, "is not sent", fault=True)
    yield Outcome(Refused(400, "invalid", "no"), state, "is refused", fault=True)
    limited = AccountRefused(AccountTrouble.RATE_LIMIT, 429, "rate_limited", "slower")
    yield Outcome(limited, state, "is refused for its rate", fault=True)


def _read(state: State, name: str) -> Iterator[Outcome]:
    number = int(name.removeprefix("task-"))
    if number >= len(state.tasks) or not state.tasks[number].shown:
        yield Outcome(TaskGone(name), state, "finds no such task")
        return
    sent = state.tasks[number]
    links = (f"https://files.test/{name}",) if sent.status == "completed" else ()
    code = "service_error" if sent.status == "failed" else None
    status = TaskStatus(sent.status)
    task = Task(name, status, MODEL, CREATED, links, error_code=code)
    yield Outcome(task, state, f"finds it {sent.status}")


def _start(state: State, run: int) -> Iterator[Outcome]:
    if run <= len(state.runs) and state.runs[run - 1] != ("never",):
        yield Outcome(False, state, "finds it started")
        return
    yield Outcome(True, state.with_run(run, "hub", 0, 0, 0))


def _is_alive(state: State, run: int) -> Iterator[Outcome]:
    yield Outcome(state.is_alive(run), state)


def _answer(state: State, run: int) -> Iterator[Outcome]:
    waits = run <= len(state.runs) and state.runs[run - 1][0] in {"submit", "armed"}
    yield Outcome(None, _hub(state, run) if waits else state, "" if waits else "finds nobody")


def _fetch(state: State) -> Iterator[Outcome]:
    yield Outcome(None, state)
    yield Outcome(Raised(_DeadLinkError), state, "fails", fault=True)


class _DeadLinkError(FetchFailedError):
    pass


def _find(state: State) -> Iterator[Outcome]:
    """What lies there is of this very job and task, so that it is adopted."""
    if not state.videos:
        yield Outcome(None, state)
        return
    ours = NoMetadata(job=JOB_ID, task=state.stored.task_id or "")
    yield Outcome(FoundObject("v1", "etag", 1, "video/mp4", "crc32", ours), state)


def _put(state: State, over: bool) -> Iterator[Outcome]:
    """Only one of those who found nothing writes; the others look again."""
    if state.videos and not over:
        yield Outcome(Raised(KeyTakenError), state, "finds another's")
    else:
        yield Outcome(None, state._replace(videos=state.videos + 1))


def _hub(state: State, run: int, *carried: int) -> State:
    return state.with_run(run, "hub", *(carried or (0, 0, 0)))


def _killed(rest: State, actor: Actor) -> State:
    """A message whose worker died is handed out again; a callback may be, a step is retried."""
    if actor.kind == "worker":
        return _queued(rest, actor)
    return rest


def _queued(state: State, worker: Actor) -> State:
    attempt, run = worker.arguments
    return state._replace(queue=state.queue | {(attempt, run)})


def _ended(rest: State, actor: Actor, end: Ended) -> State:
    if end.error is not None and not issubclass(end.error, JobBusyError):
        raise AssertionError(f"{actor} died of {end.error}")
    if actor.kind == "worker" and end.error is not None:
        return _queued(rest, actor)
    if actor.kind in {"hub", "archiver"}:
        run = actor.arguments[0]
        if rest.runs[run - 1][0] == actor.kind:
            return _hub(rest, run) if actor.kind == "archiver" else _wheel(rest, run, end.result)
    return rest


def _wheel(state: State, run: int, result: object) -> State:
    """Go to the state of the state machine that the hub names."""
    assert isinstance(result, Answer)
    match result.step:
        case Submit(attempt):
            queue = state.queue | {(attempt, run)}
            return state._replace(queue=queue).with_run(run, "submit", attempt)
        case Await(rings):
            return state.with_run(run, "await", rings)
        case Later():
            return state.with_run(run, "later")
        case ArchiveVideo():
            return state.with_run(run, "archiver")
        case Publish():
            end = max(map(number_of, result.completions), default=0)
            return state.with_run(run, "publish", result.told, end)
        case Done():
            return state.with_run(run, "done")


def _of_run(state: State, run: int, position: tuple[str | int, ...]) -> Iterator[Next]:
    word, carried = position[0], cast("tuple[int, ...]", position[1:])
    if word in {"never", "done", "buried"}:
        return
    if word == "dead":
        buried = state.with_run(run, "buried")
        yield Next(f"run {run}'s death is told:", buried, begins=Actor("continuer", (run,)))
        yield Next(f"run {run}'s death goes unheard", buried)
        return
    yield Next(f"run {run} is stopped", state.with_run(run, "dead"), fault=True)
    yield from _of_living_run(state, run, str(word), carried)


def _of_living_run(state: State, run: int, word: str, carried: tuple[int, ...]) -> Iterator[Next]:
    free = not any(actor.arguments[0] == run for actor in state.acting(word))
    match word:
        case "hub" if free:
            yield Next(f"hub {run}:", state, begins=Actor("hub", (run, *carried)))
            many = Actor("hub", (run, *carried[:2], HANDOVER))
            yield Next(f"hub {run} in its last turn:", state, fault=True, begins=many)
        case "archiver" if free:
            yield Next(f"archiver {run}:", state, begins=Actor("archiver", (run,)))
        case "submit":
            idle = all(order[1] != run for order in _orders(state))
            yield Next(f"run {run}'s order times out", _hub(state, run), fault=not idle)
        case "await":
            armed = ledger.arm(state, run, carried[0])
            if armed is None:
                yield Next(f"run {run} cannot arm", _hub(state, run))
            else:
                yield Next(f"run {run} arms", armed.with_run(run, "armed"))
        case "armed":
            yield Next(f"run {run} polls", _hub(state, run))
        case "later":
            yield Next(f"run {run} has waited", _hub(state, run))
        case "publish":
            yield Next(f"run {run} publishes", _published(state, run, *carried))


def _orders(state: State) -> Iterator[tuple[int, ...]]:
    yield from state.queue
    yield from (actor.arguments for actor in state.acting("worker"))


def _published(state: State, run: int, told: int, end: int) -> State:
    known = max(state.told, default=0)
    if end:
        state = state._replace(ends_told=state.ends_told | {end})
    if told > known:
        state = state._replace(told=(*state.told, *range(known + 1, told + 1)))
    return _hub(state, run, told, end, 0)


def _of_time(state: State) -> Iterator[Next]:
    job = state.stored
    if job.state is JobState.SUBMITTING and job.lease_until and job.lease_until > NOW:
        over = state.with_job(replace(job, lease_until=LONG_AGO))
        yield Next("the lease ends", over, fault=any(state.acting("worker")))
    if job.state is JobState.UNCONFIRMED and job.called_at == NOW:
        old = state.with_job(replace(job, called_at=LONG_AGO))
        shown = tuple(replace(sent, shown=True) for sent in state.tasks)
        yield Next("the task has had its time to be readable", old._replace(tasks=shown))
