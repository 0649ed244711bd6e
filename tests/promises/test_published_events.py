"""What subscribers are promised: code, schema and sample of each event say the same."""

import json
from itertools import product
from typing import Any

import jsonschema_rs
import pytest

from tests.support.event_schemas import DETAILS, FAILURES, schema_of
from tests.support.published_events import FOLDER, as_received, files
from tests.support.template import ROOT
from tests.unit.domain.jobs import COMPLETED, NOW, SUBMITTED, SUBMITTING
from video_pipeline.domain import moves
from video_pipeline.domain.job import Charged
from video_pipeline.domain.reasons import NEXT_STEPS

KINDS = sorted(DETAILS)


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    """The files as code and stories make them now."""
    return files()


def strict(schema: Any) -> Any:
    """Forbid what a schema does not name; subscribers are not told to, so that we may add."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: strict(part) for name, part in schema.items()}
    return {"additionalProperties": False, **inner} if "properties" in inner else inner


def problems(schema: Any, event: Any) -> list[str]:
    validator = jsonschema_rs.Draft202012Validator(strict(schema), validate_formats=True)
    return [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(event)]


def published(kind: str, ending: str) -> Any:
    name = kind.lower().replace(" ", "_")
    return json.loads((FOLDER / f"{name}.{ending}.json").read_text("utf-8"))


def test_the_folder_holds_what_code_and_stories_make(told: dict[str, str]) -> None:
    """Run `python -m tests.support.published_events` after a change that is meant."""
    there = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.json")}
    assert there == told


def test_every_kind_of_event_that_the_code_tells_is_published() -> None:
    package = ROOT / "layers" / "video_pipeline" / "python" / "video_pipeline"
    code = "".join(path.read_text("utf-8") for path in package.glob("domain/*.py"))
    kinds = {kind for kind in KINDS if f'"{kind}"' in code}
    assert kinds == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_a_schema(kind: str) -> None:
    jsonschema_rs.meta.validate(published(kind, "schema"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_sample_holds_what_its_schema_names_and_nothing_else(kind: str) -> None:
    assert problems(published(kind, "schema"), published(kind, "sample")) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_sample_is_no_event_of_another_kind(kind: str) -> None:
    for other in KINDS:
        if other != kind:
            assert problems(published(other, "schema"), published(kind, "sample")) != []


@pytest.mark.parametrize("kind", KINDS)
def test_every_event_can_be_told_apart_from_its_repeats(kind: str) -> None:
    detail = published(kind, "sample")["detail"]
    assert detail["version"] == "1"
    assert detail["event_id"]
    assert detail["sequence"] >= 1
    assert len({"job", "manifest", "account"} & set(detail)) == 1


@pytest.mark.parametrize("reason", sorted(FAILURES))
def test_every_failure_fits_its_schema(reason: str) -> None:
    for job, charged in product((SUBMITTING, SUBMITTED, COMPLETED), Charged):
        move = moves.failed(job, NOW, reason=reason, message="why", charged=charged)
        assert move.event is not None
        event = as_received(move.event.entry("bus"))
        assert problems(schema_of("Video Failed"), event) == []
        assert event["detail"]["next_step"] == NEXT_STEPS[reason]
