"""Whatever the bytes, reading ends with a verdict; FUZZ_INPUTS sets how many are tried each."""

import json
import os
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake.case import request
from tests.intake.corpus import CORPUS
from video_pipeline.adapters.manifest_file import read_manifest
from video_pipeline.domain.manifest import Reading
from video_pipeline.domain.manifest_keys import JOB_KEYS, SETTINGS_KEYS
from video_pipeline.domain.problem import Problem, shown

INPUTS = int(os.environ.get("FUZZ_INPUTS", "60"))
EXTENSIONS = st.sampled_from([".json", ".yaml", ".jsonl", ".YML", ".txt"])
SEEDS = [case.body for case in CORPUS if len(case.body) < 2_000]

NUMBERS = st.integers() | st.floats() | st.sampled_from([10**400, -1, 0, 5, 5.0, 969])
SCALARS = st.none() | st.booleans() | NUMBERS | st.text(max_size=30)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
KEYS = st.sampled_from([*JOB_KEYS, *SETTINGS_KEYS, "callback_url", "jobs", "defaults"])
REFERENCES = st.lists(
    st.from_regex(r"((https?|s3|data):)?/{0,3}[\w.@:\[\]%?# \\-]{0,12}(/[\w.]{0,5}){0,3}")
    | st.text(max_size=20),
    max_size=5,
)
PARTS = st.dictionaries(KEYS, VALUES | REFERENCES, max_size=6)
JOBS = PARTS.map(lambda fields: request(**fields)) | PARTS | VALUES
MANIFESTS = JOBS | st.fixed_dictionaries(
    {"jobs": st.lists(JOBS, max_size=4)}, optional={"defaults": PARTS, "strict": VALUES}
)

fuzz = settings(
    max_examples=INPUTS,
    deadline=None,
    database=None,
    derandomize="FUZZ_INPUTS" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)


def told(body: bytes, extension: str) -> Reading:
    """Read, and check what every verdict owes."""
    reading = read_manifest(body, bucket="intake", key=f"manifests/a{extension}")
    assert (reading.manifest is None) == bool(reading.errors)
    assert len(reading.errors) <= 1_001
    assert all(is_fit_to_show(problem) for problem in (*reading.errors, *reading.warnings))
    return reading


def is_fit_to_show(problem: Problem) -> bool:
    texts = (problem.message, problem.path, problem.value or "", problem.fix or "")
    return all(len(text.encode()) < 3_000 for text in texts) and bool(problem.code)


@fuzz
@given(st.binary(max_size=200), EXTENSIONS)
def test_any_bytes_get_a_verdict(body: bytes, extension: str) -> None:
    told(body, extension)


@fuzz
@given(st.text(alphabet="{}[]\",:\\ -&*!|>%#?~\n\tau0d8.e1jobs'@", max_size=80), EXTENSIONS)
def test_any_syntax_gets_a_verdict(text: str, extension: str) -> None:
    told(text.encode(), extension)


@fuzz
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 2_000), st.binary(max_size=4)), max_size=4),
    EXTENSIONS,
)
def test_damaged_manifests_get_a_verdict(
    seed: bytes, damages: list[tuple[int, bytes]], extension: str
) -> None:
    body = seed
    for offset, damage in damages:
        body = body[:offset] + damage + body[offset + len(damage) :]
    told(body, extension)


@fuzz
@given(MANIFESTS, EXTENSIONS)
def test_any_values_in_any_place_get_a_verdict(tree: Any, extension: str) -> None:
    told(json.dumps(tree).encode(), extension)


@fuzz
@given(st.lists(JOBS, max_size=4))
def test_any_lines_get_a_verdict(jobs: list[Any]) -> None:
    told("\n".join(map(json.dumps, jobs)).encode(), ".jsonl")


@fuzz
@given(PARTS)
def test_a_sound_manifest_has_whole_requests_with_resolved_references(fields: Any) -> None:
    reading = told(json.dumps(request(**fields)).encode(), ".json")
    for job in reading.manifest.jobs if reading.manifest else ():
        assert job.request.prompt.strip()
        assert all(text.startswith(("https://", "s3://")) for text in job.request.references())
        assert 4 <= job.request.duration <= 15


@fuzz
@given(VALUES)
def test_any_value_can_be_shown(value: Any) -> None:
    assert len(shown(value)) < 600
