"""A process grows by what it takes after it has warmed up, not by what its start takes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crash_proof import soak
from crash_proof.soak import SAMPLE_EVERY, WARM_AFTER, Memory
from local_stack.places import StackFolder

FOLDER = StackFolder(Path("/stack"), Path("/stack/stack.json"))


class Machine:
    """A clock, and processes by id with what they are and how large."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.sizes: dict[int, float] = {}
        monkeypatch.setattr("time.monotonic", lambda: self.now)
        monkeypatch.setattr(soak, "environments_on_linux", self.environments)
        monkeypatch.setattr(soak, "resident", self.sizes.get)

    def environments(self) -> Iterator[tuple[int, set[str]]]:
        for pid in self.sizes:
            function = f"AWS_LAMBDA_FUNCTION_NAME=stack-Function{pid}-0a1b"
            yield pid, {f"LOCAL_STACK_FOLDER={FOLDER.path}", function}


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


def test_growth_is_counted_from_when_each_process_was_warm(machine: Machine) -> None:
    memory = Memory(FOLDER)
    machine.sizes[1] = 20
    memory()
    machine.now += WARM_AFTER
    machine.sizes.update({1: 70, 2: 25})
    memory()
    machine.now += WARM_AFTER
    machine.sizes.update({1: 73.5, 2: 71})
    memory()
    assert memory.growth() == {"Function1": 3.5, "Function2": 0}


def test_a_process_that_died_young_has_not_grown(machine: Machine) -> None:
    memory = Memory(FOLDER)
    machine.sizes[1] = 20
    memory()
    machine.now += SAMPLE_EVERY
    machine.sizes[1] = 80
    memory()
    assert memory.growth() == {}
