"""No function is left out of what is measured, and each figure is put down to the right one."""

import os
from pathlib import Path

import pytest

from benches.processor_time import kind, of_process
from benches.scenes import CLIENTS, FUNCTIONS

OF_ENGINE = {"GATEWAY_PORT=4566"}


def test_every_function_is_measured_from_cold() -> None:
    assert set(CLIENTS) == set(FUNCTIONS)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (OF_ENGINE | {"AWS_LAMBDA_FUNCTION_NAME=s-AdvanceJobFunction-4E1F"}, "advance_job"),
        (OF_ENGINE | {"AWS_LAMBDA_FUNCTION_NAME=bench-turns"}, "bench-turns"),
        (OF_ENGINE, "engine"),
        ({"PATH=/bin"}, "emulator"),
    ],
)
def test_processor_time_is_put_down_to_the_kind_of_process(settings: set[str], named: str) -> None:
    assert kind(settings) == named


def test_the_processor_time_of_a_process_is_what_the_system_says() -> None:
    taken = of_process(Path(f"/proc/{os.getpid()}/stat"))
    assert taken is not None
    assert taken == pytest.approx(sum(os.times()[:2]), abs=0.5)


def test_a_process_that_is_gone_took_nothing_more() -> None:
    assert of_process(Path("/proc/0/stat")) is None
