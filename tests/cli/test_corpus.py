"""The command and the pipeline come to the same verdict on every manifest of the corpus."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Said
from tests.intake.case import Case
from tests.intake.corpus import CORPUS

BEYOND_READING = frozenset({"reference_missing", "max_credits"})
"""Found by looking at the folder and the prices; the corpus is about the file alone."""


@pytest.mark.parametrize("case", CORPUS, ids=range(len(CORPUS)))
def test_the_command_says_what_the_pipeline_would(
    run: Callable[..., Said], case: Case, tmp_path: Path
) -> None:
    folder, name = _place(Path(case.key).name)
    file = tmp_path / name
    file.write_bytes(case.body)
    said = run("validate", "--offline", "--prefix", folder, "--json", file)
    (verdict,) = said.document["files"]
    assert _told(verdict["errors"]) == sorted(case.errors)
    assert _told(verdict["warnings"]) == sorted(case.warnings)
    assert said.code == (1 if verdict["errors"] else 0)


def _place(name: str) -> tuple[str, str]:
    """Return folder and file name of the same length together; a disk takes no longer names."""
    return ("spring", name) if len(name) < 200 else (f"spring/{name[:-101]}", name[-100:])


def _told(problems: list[dict[str, str]]) -> list[str]:
    return sorted(
        f"{each['code']} {each['path']}" for each in problems if each["code"] not in BEYOND_READING
    )
