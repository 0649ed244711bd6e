"""The schemas in EventBridge's registry are those of events/published/, in its own dialect."""

import json
from typing import Any

import jsonschema_rs
import pytest

from event_contract.registry import DRAFT_4
from tests.promises.deployed import Deployed
from tests.support.published_events import FOLDER, REGISTRY, as_text, registry
from tests.support.template import ROOT, load_template
from video_pipeline.domain.events import VERSIONS

TEMPLATE: dict[str, Any] = json.loads(REGISTRY.read_text("utf-8"))
SCHEMAS = {
    resource["Properties"]["SchemaName"]: resource["Properties"]
    for resource in TEMPLATE["Resources"].values()
    if resource["Type"] == "AWS::EventSchemas::Schema"
}
EVENTS = sorted(FOLDER.glob("*.sample.json"))


def content(kind: str) -> Any:
    return json.loads(SCHEMAS[f"video-pipeline@{kind.replace(' ', '')}"]["Content"])


def test_the_template_is_what_code_makes_of_the_events() -> None:
    """Run `make published` after a change that is meant."""
    assert REGISTRY.read_text("utf-8") == as_text(registry())


def test_every_kind_of_event_is_registered_under_its_own_name() -> None:
    assert {name.partition("@")[2] for name in SCHEMAS} == {
        kind.replace(" ", "") for kind in VERSIONS
    }
    assert {properties["Type"] for properties in SCHEMAS.values()} == {"JSONSchemaDraft4"}


@pytest.mark.parametrize("kind", sorted(VERSIONS))
def test_a_registered_schema_is_one_of_draft_4(kind: str) -> None:
    schema = content(kind)
    assert schema["$schema"] == DRAFT_4
    jsonschema_rs.meta.validate(schema)
    assert not {"const", "anyOf", "$defs"} & set(_words(schema))


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.name)
def test_a_sample_fits_the_registered_schema_of_its_kind_alone(path: Any) -> None:
    event = json.loads(path.read_text("utf-8"))
    fitting = [
        kind for kind in VERSIONS if jsonschema_rs.Draft4Validator(content(kind)).is_valid(event)
    ]
    assert fitting == ([event["detail-type"]] if "detail-type" in event else [])


def test_what_a_schema_requires_it_requires_in_the_registry_too() -> None:
    event = json.loads((FOLDER / "video_archived.sample.json").read_text("utf-8"))
    validator = jsonschema_rs.Draft4Validator(content("Video Archived"))
    for name in event["detail"]:
        rest = {key: value for key, value in event["detail"].items() if key != name}
        assert not validator.is_valid({**event, "detail": rest}), name


def test_a_large_registry_still_fits_into_a_template() -> None:
    assert REGISTRY.stat().st_size < 1_000_000


def test_the_stack_nests_the_registry_on_aws_alone(on_aws: Deployed, on_laptop: Deployed) -> None:
    nested = load_template()["Resources"]["EventRegistry"]
    assert (ROOT / nested["Properties"]["TemplateURL"]) == REGISTRY
    assert set(nested["Properties"]["Parameters"]) == set(TEMPLATE["Parameters"])
    assert "EventRegistry" in on_aws.resources
    assert "EventRegistry" not in on_laptop.resources


def _words(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(word for part in value.values() for word in _words(part))]
    if isinstance(value, list):
        return [word for part in value for word in _words(part)]
    return []
