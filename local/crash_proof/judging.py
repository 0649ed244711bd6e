"""The end of a run: what is unconfirmed is rung for, then all is judged and told."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from crash_proof.director import Director
from crash_proof.gathering import Gathering
from crash_proof.laws import Breach, breaches
from crash_proof.recovery import redriven, ring_at_last, unconfirmed
from crash_proof.report import counts_of, tell_breaches
from local_stack.progress import step

MOST_REDRIVEN = 8
LONGEST_REST = 120.0


@dataclass(frozen=True)
class Judgement:
    """How a run ended; `unconfirmed` counts drops before the ring that recovers them."""

    runs: int
    jobs: int
    unconfirmed: int
    breaches: tuple[Breach, ...]

    def counts(self) -> dict[str, int]:
        counts = {"runs": self.runs, "jobs": self.jobs, "unconfirmed": self.unconfirmed}
        return counts | counts_of(self.breaches)


def settle(gathering: Gathering) -> None:
    """Give what still runs or waits, such as a repeated message, its time to come to rest."""
    ends = time.monotonic() + LONGEST_REST
    while time.monotonic() < ends:
        if not gathering.executions("RUNNING") and not any(gathering.messages().values()):
            return
        time.sleep(1)


def without_effect(director: Director) -> Iterator[Breach]:
    """Tell of what was done to a case from outside and never came to its end."""
    for live in director.overdue:
        for act in live.acts:
            yield Breach("stuck", live.case.name, f"{act.__name__} never came to its end")


def judge(director: Director) -> Judgement:
    """Recover what can be recovered, gather the evidence, and hold it to the laws."""
    world = director.world
    uncertain = unconfirmed(director.ended, world)
    with step(f"{len(uncertain)} unconfirmed drops rung for at last"):
        director.again(uncertain, ring_at_last)
    undecided = unconfirmed(director.ended, world)[:MOST_REDRIVEN]
    with step(f"{len(undecided)} of those that stayed so redriven by command"):
        director.again(undecided, redriven)
    world.provider.disarm()
    gathering = Gathering(world)
    settle(gathering)
    played = [*director.ended, *director.overdue]
    with step("evidence gathered and judged"):
        evidence = gathering.evidence(played)
        found = (*breaches(evidence), *without_effect(director))
    tell_breaches(found, evidence, played, world.records)
    return Judgement(len(played), len(evidence.jobs), len(uncertain), found)
