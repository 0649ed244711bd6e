"""A run that mixes everything, drawn from one seed."""

import random
from collections.abc import Iterator
from dataclasses import replace

from crash_proof import acts
from crash_proof.cases import ARCHIVED, FAILED, UNCONFIRMED, Case, bound
from crash_proof.inside.plans import Blow
from crash_proof.scenarios import ANYTHING_ELSE, MAIN, TROUBLE

ACTS = (acts.doubled_drop, acts.doubled_order, acts.doubled_ring, acts.rubbish, acts.stopped)
DEADLY = 0.012
"""Chance of death at a point; a way has about 160 of them."""

SLOW = 0.02


def drawn(seed: int, count: int, numbers: Iterator[int]) -> Iterator[Case]:
    """Yield random cases; what is done to each hangs on the seed and its number alone."""
    for index in range(count):
        chance = random.Random(f"{seed}/{index}")  # noqa: S311 - reproducible
        base = chance.choice((*MAIN, *TROUBLE))
        other = chance.choice(ANYTHING_ELSE)
        case = replace(base, jobs=chance.choice((1, 1, 1, 2, 4))).case(next(numbers))
        more = tuple(bound(fault, case.mark) for fault in other.faults)
        done = tuple(chance.sample(ACTS, chance.choice((0, 0, 1, 2))))
        name = f"{seed}.{index}.{case.name}"
        blows = (
            Blow(f"{name}.kill", chance=DEADLY, times=chance.choice((0, 1, 2, 4))),
            Blow(f"{name}.slow", chance=SLOW, times=3, seconds=chance.uniform(0.2, 3)),
        )
        mixed = replace(case, faults=case.faults + more, acts=case.acts + done)
        ends = mixed.ends | {ARCHIVED, FAILED, UNCONFIRMED}
        note = f"drawn {seed}/{index}: {base.name} and {other.name}"
        yield replace(mixed, blows=(*mixed.blows, *blows), ends=ends, note=note)
