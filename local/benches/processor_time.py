"""How much processor time each kind of process of a stack has taken, from /proc."""

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from local_stack.environment import MARK
from local_stack.places import StackFolder
from local_stack.processes import PROCESSES, environments

FUNCTION = "AWS_LAMBDA_FUNCTION_NAME="
ENGINE = "GATEWAY_PORT="
USER, SYSTEM = 11, 12  # of a stat line, counted from after the name, which may hold anything
TICKS = os.sysconf("SC_CLK_TCK")

Seconds = dict[str, float]


class ProcessorTime:
    """What the processes of one stack took since this was made; nothing where there is no /proc."""

    def __init__(self, folder: StackFolder) -> None:
        self._folder = folder
        self._before = dict(self._taken())

    def since(self) -> Seconds:
        seconds: Seconds = defaultdict(float)
        for process, taken in self._taken():
            seconds[process[0]] += taken - self._before.get(process, 0.0)
        return seconds

    def _taken(self) -> Iterator[tuple[tuple[str, int], float]]:
        for pid, settings in environments() if PROCESSES.is_dir() else ():
            if f"{MARK}={self._folder.path}" in settings:
                seconds = of_process(PROCESSES / str(pid) / "stat")
                if seconds is not None:
                    yield (kind(settings), pid), seconds


def of_process(stat: Path) -> float | None:
    """Return the processor time of a process, None if it is gone."""
    try:
        numbers = stat.read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(numbers[USER]) + int(numbers[SYSTEM])) / TICKS


def kind(settings: set[str]) -> str:
    """Name a process by its environment; functions have the engine's, which has no other mark."""
    functions = (each.removeprefix(FUNCTION) for each in settings if each.startswith(FUNCTION))
    for function in functions:
        return word(function)
    return "engine" if any(each.startswith(ENGINE) for each in settings) else "emulator"


def word(function: str) -> str:
    """Turn `stack-AdvanceJobFunction-4E1F` into `advance_job`; another name stays as it is."""
    named = re.search("-([A-Za-z]+)Function-", function)
    return re.sub("(?<!^)([A-Z])", r"_\1", named[1]).lower() if named else function
