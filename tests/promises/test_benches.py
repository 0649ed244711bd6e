"""No function is left out of what is measured."""

from benches.scenes import CLIENTS, FUNCTIONS


def test_every_function_is_measured_from_cold() -> None:
    assert set(CLIENTS) == set(FUNCTIONS)
