"""The pages of performance and costs say what the kept figures say."""

import json

import pytest

from benches import costs
from benches.pages import DOCS, KEPT, pages

RESULTS = json.loads(KEPT.read_text("utf-8"))


@pytest.mark.parametrize("name", ["performance.md", "performance.svg", "costs.md"])
def test_a_page_is_written_from_the_kept_figures(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == pages(RESULTS)[name], "run `make performance`"


def test_a_part_costs_its_quantity_times_its_price() -> None:
    assert costs.Part("messages", 6, "request", 0.4e-6).dollars == pytest.approx(0.0024)


def test_time_is_billed_by_memory_and_slowed_by_a_small_share_of_the_processor() -> None:
    measured = costs.Measured({"hub": 10.0}, {"hub": 200.0}, {"hub": 512}, 6, 18)
    cpu = (10 + costs.COLD_SHARE * 200) / 1000 * costs.FULL_CPU_MB / 512
    assert measured.gb_seconds("hub", 0.1) == pytest.approx((cpu + 0.1) / 2)


def test_more_memory_shortens_a_cold_start_up_to_a_whole_processor_and_costs_only_waits() -> None:
    function = "receive_callback"
    measured = costs.Measured({function: 10.0}, {function: 200.0}, {function: 512}, 6, 18)
    small, chosen, large, whole = costs.sizes(measured, function)
    assert whole.cold_seconds == pytest.approx(0.2)
    assert small.cold_seconds == pytest.approx(2 * chosen.cold_seconds)
    waits = costs.VIDEOS * costs.WAIT_SECONDS[function] * costs.GB_SECOND
    assert large.dollars - chosen.dollars == pytest.approx(waits / 2)


def test_the_transitions_of_the_wheel_are_the_largest_part_and_little_beside_generation() -> None:
    listed = list(costs.parts(costs.measured_from(RESULTS)))
    largest = max(listed, key=lambda part: part.dollars)
    assert largest.name.startswith("Step Functions")
    assert sum(part.dollars for part in listed) < costs.generation() / 100


def test_five_seconds_in_720p_cost_what_the_price_list_says() -> None:
    assert costs.generation() == pytest.approx(1000 * 13.5 / 68)
