import json
from pathlib import Path

import jsonschema_rs
import pytest

from tests.intake.case import Case
from tests.intake.corpus import CORPUS
from video_pipeline.adapters.manifest_schema import as_text, manifest_schema

COMMITTED = Path(__file__).parents[3] / "events" / "manifests" / "manifest.schema.json"
BEYOND_OTHER_READERS = {"duration-absurd"}
SINGLE = [
    case
    for case in CORPUS
    if case.extension == ".json"
    and len(case.body) < 1_000_000
    and case.name not in BEYOND_OTHER_READERS
]
SOUND = [case for case in SINGLE if not case.errors and not case.body.startswith(b"\xef\xbb\xbf")]
BROKEN_RULES = ("unknown_key", "misplaced_key", "wrong_type", "null_value", "out_of_range",
                "not_allowed", "too_many_values", "name_invalid", "prompt_blank")  # fmt: skip
WRONG = [case for case in SINGLE if case.errors and case.errors[0].startswith(BROKEN_RULES)]
WHOLE_NUMBERS_TO_JSON = {"duration-float"}


def is_valid(case: Case) -> bool:
    return jsonschema_rs.is_valid(manifest_schema(), json.loads(case.body))


def test_the_committed_schema_is_current() -> None:
    assert COMMITTED.read_text() == as_text()


def test_the_schema_is_itself_valid() -> None:
    assert jsonschema_rs.meta.is_valid(manifest_schema())


@pytest.mark.parametrize("case", SOUND, ids=lambda case: case.name[:40])
def test_an_editor_accepts_what_the_reader_accepts(case: Case) -> None:
    assert is_valid(case)


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.name[:40])
def test_an_editor_marks_wrong_keys_types_and_values(case: Case) -> None:
    assert is_valid(case) == (case.name in WHOLE_NUMBERS_TO_JSON)
