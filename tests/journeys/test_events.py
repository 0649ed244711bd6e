"""What subscribers get of a real run, and get again, keeps what is published."""

import csv
import io
import json
from typing import Any

import jsonschema_rs
import pytest

from event_contract.history import file_name
from tests.journeys.terminal import run
from tests.journeys.traveller import Traveller
from tests.support.published_events import FOLDER

pytestmark = pytest.mark.stack
KEY = "manifests/told/m.json"


def fits(name: str, document: Any) -> bool:
    schema = json.loads((FOLDER / f"{name}.schema.json").read_text("utf-8"))
    return jsonschema_rs.Draft202012Validator(schema).is_valid(document)


def read(traveller: Traveller, place: dict[str, str]) -> str:
    body = traveller.s3.get_object(Bucket=place["bucket"], Key=place["key"])["Body"]
    return body.read().decode("utf-8-sig")


@pytest.fixture(scope="module")
def told(traveller: Traveller, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The events of a manifest of which one job succeeds and one is refused."""
    traveller.lay_picture("manifests/told/cup.png", "#204080", tmp_path_factory.mktemp("told"))
    match = {"prompt": "told: refused"}
    traveller.arm(on="task", kind="fail", code="content_policy_violation", match=match)
    common = {"image_urls": ["cup.png"], "duration": 4, "quality": "480p"}
    jobs = [{**common, "name": name, "prompt": f"told: {name}"} for name in ("good", "refused")]
    traveller.drop(KEY, {"jobs": jobs})
    traveller.ended(KEY)
    return traveller.events_of("told/m.json", until="Manifest Completed")


def test_every_event_of_a_real_run_fits_its_schema(told: list[dict[str, Any]]) -> None:
    assert len(told) == 6
    for event in told:
        assert fits(file_name(event["detail-type"]), event), event


def test_the_last_event_names_a_report_of_every_end(
    traveller: Traveller, told: list[dict[str, Any]]
) -> None:
    completed = told[-1]["detail"]
    report = json.loads(read(traveller, completed["report"]["json"]))
    assert fits("completion_report", report)
    ends = [(job["name"], job["end"]) for job in report["jobs"]]
    assert ends == [("good", "archived"), ("refused", "failed")]
    table = csv.DictReader(io.StringIO(read(traveller, completed["report"]["csv"])))
    costs = [job["credits"] for job in report["jobs"]]
    assert [float(line["credits"]) for line in table] == costs
    assert completed["credits"] == sum(costs)


def test_a_manifests_events_can_be_had_again_with_the_ids_that_they_had(
    traveller: Traveller, told: list[dict[str, Any]]
) -> None:
    first = {event["detail"]["event_id"]: event["detail"] for event in told}
    traveller.heard.clear()
    code, answer = run(traveller, "replay", "--manifest", KEY)
    assert (code, answer["published"]) == (0, len(first))
    again = traveller.events_of("told/m.json", until="Manifest Completed")
    assert {event["detail"]["event_id"]: event["detail"] for event in again} == first
