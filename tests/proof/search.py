"""Visit every reachable state once, breadth first, so that the first break is the shortest."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from tests.proof.state import State
from tests.proof.world import Next, World

Law = Callable[[State], str | None]


class LawBrokenError(AssertionError):
    """A reachable state breaks a law; the message tells how it is reached."""


@dataclass
class Graph:
    """Reachable states by number, and who leads where without a fault."""

    states: list[State] = field(default_factory=list)
    came_from: list[tuple[int, str]] = field(default_factory=list)
    leading: list[list[int]] = field(default_factory=list)

    def trace(self, number: int) -> list[str]:
        words = []
        while number:
            number, label = self.came_from[number]
            words.append(label)
        return words[::-1]

    def broken(self, number: int, law: str) -> LawBrokenError:
        told = "\n  ".join([f"{law}, after", *self.trace(number)])
        job = self.states[number].stored
        return LawBrokenError(f"{told}\n  leaves it {job.state}, attempt {job.attempt}")


def explore(world: World, start: State, laws: Iterable[Law], *, most: int = 3_000_000) -> Graph:
    """Return every reachable state; raises LawBrokenError at the first that breaks a law."""
    graph, numbers = Graph(), {start: 0}
    laws = tuple(laws)
    graph.states.append(start)
    graph.came_from.append((0, ""))
    graph.leading.append([])
    waiting = deque([0])
    while waiting:
        number = waiting.popleft()
        for happening in world.nexts(graph.states[number]):
            known = numbers.get(happening.state)
            if known is None:
                known = _add(graph, numbers, number, happening)
                waiting.append(known)
                for law in laws:
                    trouble = law(happening.state)
                    if trouble:
                        raise graph.broken(known, trouble)
            if not happening.fault:
                graph.leading[known].append(number)
        if len(numbers) > most:
            raise MemoryError(f"more than {most} states")
    return graph


def _add(graph: Graph, numbers: dict[State, int], number: int, happening: Next) -> int:
    known = len(graph.states)
    numbers[happening.state] = known
    graph.states.append(happening.state)
    graph.came_from.append((number, happening.label))
    graph.leading.append([])
    return known


def after(world: World, state: State, *labels: str) -> State:
    """Follow happenings by the beginning of their labels; their faults are not counted."""
    patient = replace(world, faults=len(labels) + 1)
    for label in labels:
        state = next(h.state for h in patient.nexts(state) if h.label.startswith(label))
    return state._replace(faults=0)


def refuse_dead_ends(
    graph: Graph, law: str, here: Callable[[State], bool], there: Callable[[State], bool]
) -> None:
    """Demand that from each state `here`, some way without faults leads to one `there`."""
    safe = bytearray(len(graph.states))
    waiting = deque(number for number, state in enumerate(graph.states) if there(state))
    for number in waiting:
        safe[number] = 1
    while waiting:
        for before in graph.leading[waiting.popleft()]:
            if not safe[before]:
                safe[before] = 1
                waiting.append(before)
    for number in _numbers(graph, here):
        if not safe[number]:
            raise graph.broken(number, law)


def _numbers(graph: Graph, here: Callable[[State], bool]) -> Iterator[int]:
    return (number for number, state in enumerate(graph.states) if here(state))
