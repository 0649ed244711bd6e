"""A deployment may bring prices of its own; a list that is wrong anywhere is refused whole."""

import json
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from video_pipeline.adapters.price_list import LATEST, PriceListError, load_prices
from video_pipeline.domain.request import VideoRequest

BUNDLED = (files("video_pipeline") / "prices" / f"{LATEST}.json").read_text("utf-8")
REQUEST = VideoRequest(prompt="tea", image_urls=("https://example.com/a.png",))


def changed(**fields: Any) -> str:
    return json.dumps({**json.loads(BUNDLED), **fields})


def test_the_bundled_list_has_the_form_of_one_that_is_given() -> None:
    assert load_prices(BUNDLED) == load_prices()
    assert load_prices().dated == LATEST


@pytest.mark.parametrize("rate", ["54000", 54000, 54000.0])
def test_a_given_list_holds_instead(rate: object) -> None:
    prices = load_prices(changed(dated="2027-01-01", rate=rate))
    assert (prices.dated, prices.rate) == ("2027-01-01", Decimal(54_000))
    assert prices.estimate(REQUEST) == 2 * load_prices().estimate(REQUEST)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no JSON"),
        ("{", "is no JSON"),
        ("[]", "must be an object with dated, rate"),
        (changed(discount="0.5"), "and nothing else"),
        (changed(dated="soon"), "dated is 'soon', not a date such as"),
        (changed(rate="-1"), "rate is '-1', not a number above 0"),
        (changed(rate="0"), "rate is '0'"),
        (changed(rate="NaN"), "rate is 'NaN'"),
        (changed(minimum=True), "minimum is True"),
        (changed(minimum=None), "minimum is None"),
        (changed(relaxed_filter="ten per cent"), "relaxed_filter is 'ten per cent'"),
        (changed(without_video={"480p": "1"}), "without_video must hold a factor for each of"),
        (changed(with_video={"480p": "1", "720p": "1", "4k": "1"}), "with_video must hold"),
        (changed(with_video={"480p": "1", "720p": "free"}), "with_video holds a factor"),
    ],
)
def test_a_wrong_list_is_refused_by_what_is_wrong(text: str, words: str) -> None:
    with pytest.raises(PriceListError) as refused:
        load_prices(text)
    assert words in str(refused.value)


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(PriceListError, match=r"rate is .*; minimum is "):
        load_prices(changed(rate="x", minimum="y"))
