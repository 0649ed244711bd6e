"""The deliberate breaks still fit the product, and each names a part of the proof that exists."""

import pytest

from crash_proof.__main__ import parser
from crash_proof.breaks import Break, all_breaks, applies
from crash_proof.report import COUNTED
from crash_proof.scenarios import ACCOUNT, MAIN, PATIENCE, TROUBLE
from local_stack.places import PROJECT

BREAKS = all_breaks()
SCENARIOS = {scenario.name for scenario in (*MAIN, *PATIENCE, *TROUBLE, *ACCOUNT)}


def test_there_are_at_least_eight_and_most_are_noticed_on_the_stack() -> None:
    on_the_stack = [each for each in BREAKS if not each.is_for_pytest]
    assert len(on_the_stack) >= 8


@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.name)
def test_a_break_applies_to_the_product_as_it_is(broken: Break) -> None:
    assert applies(broken.patch, PROJECT, check=True)


@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.name)
def test_a_break_names_its_law_and_what_notices_it(broken: Break) -> None:
    assert broken.title.endswith(".")
    assert set(broken.laws) <= set(COUNTED)
    if broken.is_for_pytest:
        assert all((PROJECT / place).exists() for place in broken.command[1:])
        return
    chosen = parser().parse_args(["prove", *broken.command])
    assert set(chosen.scenario) <= SCENARIOS
