"""Commands that need no stack: the verdict on a file, and its price."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.conftest import Said
from video_pipeline_cli import target
from video_pipeline_cli.target import Target

Run = Callable[..., Said]


def test_a_valid_manifest_is_told_so(run: Run, manifest: Path) -> None:
    said = run("validate", manifest)
    assert said.code == 0
    assert "valid, 1 job" in said


def test_all_errors_of_a_manifest_are_told_at_once_with_their_fixes(
    run: Run, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps({"prompt": "x", "image_urls": ["a.png"], "duration": 3, "qualty": 1}))
    said = run("validate", "--offline", bad)
    assert said.code == 1
    for words in ("$.duration", "4 to 15", "Write 4", "qualty"):
        assert words in said


def test_json_is_one_document_with_the_verdict_on_each_file(
    run: Run, manifest: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("jobs: [")
    said = run("validate", manifest, bad, "--offline", "--json")
    assert said.code == 1
    assert [each["valid"] for each in said.document["files"]] == [True, False]
    assert said.document["files"][1]["errors"][0]["code"]
    assert said.err == ""


def test_more_credits_than_a_manifest_allows_are_refused_before_it_is_dropped(
    run: Run, manifest: Path
) -> None:
    whole = {"jobs": [json.loads(manifest.read_text())], "max_credits": 1}
    manifest.write_text(json.dumps(whole))
    said = run("validate", "--json", manifest)
    assert said.code == 1
    assert [each["code"] for each in said.document["files"][0]["errors"]] == ["max_credits"]


PRICES = {
    "dated": "2027-01-01",
    "rate": "10000",
    "minimum": "1",
    "relaxed_filter": "1.1",
    "without_video": {"480p": "1", "720p": "2"},
    "with_video": {"480p": "1", "720p": "2"},
}


def test_prices_of_a_file_or_of_a_stack_hold_instead_of_the_bundled_ones(
    run: Run, manifest: Path, pipeline: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "prices.json"
    file.write_text(json.dumps(PRICES))
    said = run("estimate", manifest, "--prices", file)
    assert "at most 10 credits" in said
    assert "prices of 2027-01-01" in said
    dear = replace(pipeline, price_list=json.dumps({**PRICES, "rate": 20000}))
    monkeypatch.setattr(target, "open_target", lambda _stack, _file: dear)
    assert run("estimate", manifest, "--stack", "mine", "--json").document["credits"] == 20


def test_a_wrong_price_list_is_refused_with_all_its_faults(
    run: Run, manifest: Path, tmp_path: Path
) -> None:
    file = tmp_path / "prices.json"
    file.write_text(json.dumps({**PRICES, "rate": "0", "minimum": "many"}))
    said = run("estimate", manifest, "--prices", file)
    assert said.code == 2
    assert "rate is '0', not a number above 0; minimum is 'many'" in said


def test_an_estimate_names_credits_money_and_the_date_of_the_prices(
    run: Run, manifest: Path
) -> None:
    said = run("estimate", manifest)
    assert said.code == 0
    assert "at most 13.5 credits, 0.20 USD" in said
    assert "prices of 2026-10-10, 68 credits = 1 USD" in said
    document = run("estimate", manifest, manifest, "--json").document
    assert (document["credits"], document["usd"]) == (27, 0.3971)


def test_an_invalid_manifest_has_no_price(run: Run, manifest: Path) -> None:
    manifest.write_text("{}")
    said = run("estimate", manifest)
    assert said.code == 1
    assert "refused" in said


def test_a_file_that_is_not_there_is_wrong_usage(run: Run) -> None:
    said = run("validate", "nowhere.json", "--json")
    assert (said.code, said.out) == (2, "")
    assert "nowhere.json" in said


def test_without_a_stack_the_command_says_how_to_get_one(run: Run, tmp_path: Path) -> None:
    said = run("status", "--stack-file", tmp_path / "none.json")
    assert said.code == 2
    assert "make up" in said
    assert run("status", "--stack-file", tmp_path / "none.json", "--json").document["error"]
