"""The page for people who drop manifests says what the code does."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import video_pipeline
from tests.intake.corpus import CORPUS
from video_pipeline.adapters.manifest_file import read_manifest
from video_pipeline.adapters.manifest_messages import FORMS
from video_pipeline.adapters.manifest_yaml import REFUSED
from video_pipeline.domain.manifest_keys import DEFAULTS_KEYS, JOB_KEYS, SETTINGS_KEYS

PAGE = (Path(__file__).parents[2] / "docs" / "manifest.md").read_text()
PACKAGE = Path(video_pipeline.__path__[0])
CODE = (
    *PACKAGE.glob("adapters/manifest_*.py"),
    *PACKAGE.glob("domain/manifest_*.py"),
    PACKAGE / "domain" / "findings.py",
    PACKAGE / "domain" / "matrix.py",
)

LOOKING = (
    *(PACKAGE / "adapters").glob("*_source*.py"),
    *(
        PACKAGE / "adapters" / f"{name}.py"
        for name in ("references", "ranged_file", "media_reader")
    ),
    PACKAGE / "domain" / "reference_rules.py",
)
MEDIA_CODE = re.compile(r'"(reference_[a-z_]+)"')

CODE_WORD = re.compile(r"'([a-z0-9]+(?:_[a-z0-9]+)+)'")


def rows_below(heading: str) -> list[str]:
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([^`]+)`", section, re.MULTILINE)


def codes_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Problem", "_RefusedError"}:
            yield from CODE_WORD.findall(ast.unparse(node.args[0]))


def codes_of_the_code() -> set[str]:
    tables = {*REFUSED, *(form[0] for form in FORMS.values())}
    return {*tables, *(code for path in CODE for code in codes_in(path))}


def test_every_code_of_the_code_is_explained_and_no_other() -> None:
    explained = [*rows_below("Errors"), *rows_below("Warnings")]
    assert sorted(explained) == sorted(codes_of_the_code())


def test_every_error_and_every_warning_is_in_the_corpus() -> None:
    errors = {verdict.split()[0] for case in CORPUS for verdict in case.errors}
    warnings = {verdict.split()[0] for case in CORPUS for verdict in case.warnings}
    assert set(rows_below("Errors")) <= errors
    assert warnings == set(rows_below("Warnings"))


def test_every_fault_of_a_reference_is_explained_and_no_other() -> None:
    told = {code for path in LOOKING for code in MEDIA_CODE.findall(path.read_text("utf-8"))}
    assert set(rows_below("References, checked before payment")) == told


def test_every_field_is_explained() -> None:
    assert set(rows_below("Fields of a job")) == set(JOB_KEYS)
    assert set(rows_below("Fields of the manifest")) == {*SETTINGS_KEYS, "jobs", "defaults"}
    assert set(DEFAULTS_KEYS) == set(JOB_KEYS) - {"name", "matrix"}


@pytest.mark.parametrize(
    ("language", "text"), re.findall(r"```(json|yaml)\n(.*?)```", PAGE, re.DOTALL)
)
def test_every_example_is_a_sound_manifest(language: str, text: str) -> None:
    reading = read_manifest(text.encode(), bucket="intake", key=f"manifests/a.{language}")
    assert (reading.errors, reading.warnings) == ((), ())


def test_the_names_of_the_matrix_example_are_the_names_it_gets() -> None:
    text = PAGE.split("## Matrix")[1].split("```json")[1].split("```")[0]
    reading = read_manifest(text.encode(), bucket="intake", key="manifests/a.json")
    assert reading.manifest is not None
    assert json.loads(text)["name"] == "tea"
    for job in reading.manifest.jobs:
        assert f"`{job.name}`" in PAGE
