import json

import jsonschema_rs
import pytest

from tests.support.template import ROOT
from tests.support.world import ONE_REQUEST, World
from video_pipeline.adapters.receipt_schema import as_text, receipt_schema

COMMITTED = ROOT / "events" / "receipts" / "receipt.schema.json"


def test_the_committed_schema_is_current_and_valid() -> None:
    assert COMMITTED.read_text("utf-8") == as_text()
    assert jsonschema_rs.meta.is_valid(receipt_schema())


def test_a_receipt_has_exactly_the_fields_of_its_schema(world: World) -> None:
    """The world holds every receipt that it writes to the schema, which says what must be there."""
    world.drop("manifests/a/m.json", {**ONE_REQUEST, "prompt": "image 4 turns"})
    receipt = world.receipt()
    definitions = receipt_schema()["$defs"]
    assert set(receipt) == set(receipt_schema()["properties"])
    assert set(receipt["jobs"][0]) == set(definitions["ReceiptJob"]["properties"])
    assert set(receipt["warnings"][0]) == set(definitions["Problem"]["properties"])


@pytest.mark.parametrize(
    ("name", "body", "place"),
    [
        ("m.json", '{"prompt": "tea",\n  "duration" 5}', "line 2, column 14"),
        ("m.yaml", "prompt: tea\n  duration: 5\n", "line 2, column 11"),
        ("m.jsonl", '{"prompt": "a", "image_urls": ["a"]}\n{"prompt": }\n', "line 2, column 12"),
    ],
)
def test_what_cannot_be_parsed_gets_line_column_and_a_next_step(
    world: World, name: str, body: str, place: str
) -> None:
    world.drop(f"manifests/a/{name}", body.encode())
    receipt = world.receipt(f"receipts/a/{name}.json")
    assert [error["path"] for error in receipt["errors"]] == [place]
    assert receipt["errors"][0]["fix"]
    assert "drop the manifest again" in receipt["next_step"]


def test_a_failed_job_says_what_to_do(world: World) -> None:
    job = world.one_job(deadline="2026-01-01T00:00:00Z")
    world.spin(job)
    (told,) = world.receipt()["jobs"]
    assert (told["reason"], told["charged"]) == ("deadline", "no")
    assert told["next_step"].startswith("The deadline passed")


def test_a_receipt_is_indented_for_people_to_read(world: World) -> None:
    world.drop("manifests/a/m.json", {"jobs": [ONE_REQUEST] * 2})
    found = world.s3.get_object(Bucket="intake-bucket", Key="receipts/a/m.json.json")
    text = found["Body"].read().decode()
    assert text.startswith('{\n  "version": "1",\n')
    assert '\n      "name": "job-00002",\n' in text
    assert json.loads(text)["total"] == 2
