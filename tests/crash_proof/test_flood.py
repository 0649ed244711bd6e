"""Rubbish is harmless when each piece is answered well, but for functions killed on purpose."""

from collections import Counter

import pytest

from crash_proof.flood import PROVIDER_WAITS, Flood


@pytest.mark.parametrize(
    ("answers", "deaths", "slowest", "harmless"),
    [
        ({200: 2, 404: 8}, 0, 1.0, True),
        ({200: 2, 404: 7, 502: 1}, 1, 1.0, True),
        ({200: 2, 404: 7, 502: 1}, 0, 1.0, False),
        ({200: 2, 404: 7, 500: 1}, 1, 1.0, False),
        ({200: 2, 404: 7}, 0, 1.0, False),
        ({200: 2, 404: 8}, 0, PROVIDER_WAITS, False),
    ],
)
def test_only_a_planned_death_excuses_an_answer(
    answers: dict[int, int], deaths: int, slowest: float, *, harmless: bool
) -> None:
    flood = Flood("http://nowhere", list, count=10, slowest=slowest, answers=Counter(answers))
    assert flood.is_harmless(deaths) == harmless
