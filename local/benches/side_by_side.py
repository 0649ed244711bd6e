"""What all benches share: cases taken in turn, medians, and figures as one line of JSON."""

import json
import platform
import statistics
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from local_stack.places import LOCAL

RESULTS = LOCAL / "benches"
Taken = TypeVar("Taken")


def interleaved(cases: Mapping[str, Callable[[], Taken]], rounds: int) -> dict[str, list[Taken]]:
    """Take every case once in each round, so that a busy moment falls upon all of them."""
    taken: dict[str, list[Taken]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, measure in cases.items():
            taken[name].append(measure())
    return taken


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value that this share of all does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def ratio(ours: float, theirs: float) -> float:
    return round(ours / theirs, 2)


def report(bench: str, figures: Mapping[str, Any]) -> None:
    """Print the figures as the last line, and keep them for the page of performance."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    kept = {"machine": machine(), "at": datetime.now(UTC).isoformat("T", "minutes")}
    path = RESULTS / f"{bench}.json"
    path.write_text(json.dumps({**kept, "figures": figures}, indent=2) + "\n")
    print(json.dumps({"bench": bench, **figures}), flush=True)


def machine() -> str:
    cores = sum(line.startswith("processor") for line in cpu_lines())
    model = next((line.partition(": ")[2] for line in cpu_lines() if "model name" in line), "")
    name = f"{cores} x {model}" if model else platform.machine()
    return f"{name}, {platform.system()}, Python {platform.python_version()}"


def cpu_lines() -> list[str]:
    path = Path("/proc/cpuinfo")
    return path.read_text().splitlines() if path.exists() else []
