"""What subscribers are promised: code, schema and sample of each event say the same."""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from itertools import product
from typing import Any

import jsonschema_rs
import pytest

from event_contract.compatibility import breaks
from event_contract.history import broken_promises, history_name, version_of
from event_contract.schemas import REPORT, event_schema, report_schema, schema_of
from tests.support import published_events
from tests.support.published_events import FOLDER, HISTORY, as_received, files, schemas
from tests.support.template import ROOT
from tests.unit.domain.jobs import COMPLETED, NOW, SUBMITTED, SUBMITTING
from video_pipeline.domain import moves
from video_pipeline.domain.events import VERSIONS
from video_pipeline.domain.job import Charged
from video_pipeline.domain.reasons import FAILURES, REASONS

KINDS = sorted(VERSIONS)


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
    """Run `make published` after a change that is meant."""
    there = {
        str(path.relative_to(FOLDER)): path.read_bytes().decode()
        for path in FOLDER.rglob("*.sample.*")
    }
    there |= {
        str(path.relative_to(FOLDER)): path.read_text("utf-8")
        for path in FOLDER.rglob("*.schema.json")
    }
    older = {name for name in there if name.startswith("history/")} - set(told)
    assert {name: text for name, text in there.items() if name not in older} == told


def test_every_kind_of_event_that_the_code_tells_is_published() -> None:
    package = ROOT / "layers" / "video_pipeline" / "python" / "video_pipeline"
    code = "".join(path.read_text("utf-8") for path in package.glob("domain/*.py"))
    kinds = set(re.findall(r'"((?:Manifest|Video|Link|Submission) [A-Z][A-Za-z ]+)"', code))
    assert kinds == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_a_schema(kind: str) -> None:
    jsonschema_rs.meta.validate(published(kind, "schema"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_sample_is_no_event_of_another_kind(kind: str) -> None:
    for other in KINDS:
        if other != kind:
            assert problems(published(other, "schema"), published(kind, "sample")) != []


@pytest.mark.parametrize("kind", KINDS)
def test_every_event_can_be_told_apart_from_its_repeats(kind: str) -> None:
    detail = published(kind, "sample")["detail"]
    assert detail["version"] == VERSIONS[kind]
    assert detail["event_id"]
    assert detail["sequence"] >= 1
    assert len({"job", "manifest", "account"} & set(detail)) == 1


@pytest.mark.parametrize("reason", sorted(FAILURES))
def test_every_failure_fits_its_schema(reason: str) -> None:
    for job, charged in product((SUBMITTING, SUBMITTED, COMPLETED), Charged):
        move = moves.failed(job, NOW, reason=reason, message="why", charged=charged)
        assert move.event is not None
        event = as_received(move.event.entry("bus"))
        assert problems(event_schema("Video Failed"), event) == []
        assert event["detail"]["next_step"] == REASONS[reason].next_step


def test_no_promise_to_subscribers_is_broken_unless_its_version_rises() -> None:
    assert list(broken_promises(HISTORY, schemas())) == []


@pytest.mark.parametrize("title", sorted(schemas()))
def test_what_is_promised_today_is_remembered_for_tomorrow(title: str) -> None:
    schema = schemas()[title]
    remembered = HISTORY / history_name(title, version_of(schema))
    assert json.loads(remembered.read_text("utf-8")) == schema


def test_a_promise_about_the_completion_report_is_kept_too() -> None:
    report = deepcopy(report_schema())
    del report["properties"]["jobs"]["items"]["properties"]["key"]
    broken = list(broken_promises(HISTORY, {**schemas(), REPORT: report}))
    assert broken == ["completion_report: $.jobs.*.key: removed"]


SAMPLES = sorted(path.name for path in FOLDER.glob("*.sample.json"))


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_holds_what_its_schema_names_and_nothing_else(name: str) -> None:
    schema = (FOLDER / f"{name.partition('.')[0]}.schema.json").read_text("utf-8")
    sample = (FOLDER / name).read_text("utf-8")
    assert problems(json.loads(schema), json.loads(sample)) == []


def _remove(detail: Any) -> None:
    del detail["properties"]["video"]["properties"]["sha256"]


def _retype(detail: Any) -> None:
    detail["properties"]["credits"]["type"] = "string"


def _allow_null(detail: Any) -> None:
    detail["properties"]["next_step"]["type"] = ["string", "null"]


def _narrow(detail: Any) -> None:
    detail["properties"]["credits_by"]["enum"].remove("estimate")


def _widen(detail: Any) -> None:
    detail["properties"]["charged"]["enum"].append("partly")


def _make_optional(detail: Any) -> None:
    detail["required"].remove("video")


def _forget_the_form(detail: Any) -> None:
    del detail["properties"]["time"]["format"]


DELIBERATE_BREAKS: dict[Callable[[Any], None], str] = {
    _remove: "video_archived: $.detail.video.sha256: removed",
    _retype: "video_archived: $.detail.credits: type number became string",
    _allow_null: "video_archived: $.detail.next_step: type string became null or string",
    _narrow: "video_archived: $.detail.credits_by: estimate left its values",
    _widen: "video_archived: $.detail.charged: partly joined its values, which were closed",
    _make_optional: "video_archived: $.detail.video: no longer always there",
    _forget_the_form: "video_archived: $.detail.time: format 'date-time' is no longer promised",
}


def changed(change: Callable[[Any], None], *, version: str = "1") -> dict[str, Any]:
    """Return today's schemas with one of them changed."""
    archived = deepcopy(event_schema("Video Archived"))
    detail = archived["properties"]["detail"]
    change(detail)
    detail["properties"]["version"]["const"] = version
    return {**schemas(), "Video Archived": archived}


@pytest.mark.parametrize("change", DELIBERATE_BREAKS, ids=lambda change: change.__name__)
def test_a_deliberate_break_is_found_and_named(change: Callable[[Any], None]) -> None:
    assert list(broken_promises(HISTORY, changed(change))) == [DELIBERATE_BREAKS[change]]


@pytest.mark.parametrize("change", DELIBERATE_BREAKS, ids=lambda change: change.__name__)
def test_a_break_is_allowed_once_the_version_has_risen(change: Callable[[Any], None]) -> None:
    assert list(broken_promises(HISTORY, changed(change, version="2"))) == []


def test_a_kind_of_event_may_neither_vanish_nor_fall_back_to_an_older_version() -> None:
    rest = {kind: schema for kind, schema in schemas().items() if kind != "Video Archived"}
    gone = "video_archived: this kind of event is no longer told"
    assert list(broken_promises(HISTORY, rest)) == [gone]
    older = changed(lambda _: None, version="0")
    (told,) = broken_promises(HISTORY, older)
    assert "version 0 is older than version 1" in told


def test_what_is_new_breaks_nobody() -> None:
    old, new = event_schema("Video Failed"), deepcopy(event_schema("Video Failed"))
    detail = new["properties"]["detail"]
    detail["properties"]["more"] = {"type": "string"}
    detail["required"].append("more")
    detail["properties"]["reason"]["anyOf"][0]["enum"].append("a_new_reason")
    assert list(breaks(old, new)) == []


def test_a_reason_may_not_leave_the_catalogue() -> None:
    old, new = event_schema("Video Failed"), deepcopy(event_schema("Video Failed"))
    new["properties"]["detail"]["properties"]["reason"]["anyOf"][0]["enum"].remove("moderation")
    assert list(breaks(old, new)) == ["$.detail.reason: moderation left its values"]


def test_the_files_are_not_written_while_a_promise_is_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(published_events, "schemas", lambda: changed(_remove))
    monkeypatch.setattr(published_events, "files", lambda: pytest.fail("written nevertheless"))
    with pytest.raises(SystemExit, match=r"break subscribers:\n.*sha256: removed\nRaise"):
        published_events.write()


def test_a_type_without_a_schema_is_refused() -> None:
    with pytest.raises(TypeError, match="no schema"):
        schema_of(bytes)
