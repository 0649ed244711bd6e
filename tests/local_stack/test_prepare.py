"""What the build compiles once, so that no start compiles it again."""

import importlib.util
import marshal
import shutil
import subprocess
import sys
from pathlib import Path

import pydantic_core
import pytest

from tests.support.template import ROOT

VALUES = """
import video_pipeline
import builtins
from video_pipeline import prepared

execute = builtins.exec

def refuse(code, *namespaces):
    if isinstance(code, str):
        raise SystemExit("compiled anew")
    execute(code, *namespaces)

prepared.compile_anew = builtins.exec = refuse
from video_pipeline.domain.capability import Capability
from video_pipeline.domain.redaction import redacted

one = Capability("job", 1, key_id="k", proof="p")
assert one == Capability("job", 1, "k", "p") != Capability("job", 2, "k", "p")
assert hash(one) == hash(Capability("job", 1, "k", "p"))
try:
    one.attempt = 2
except AttributeError:
    print(one, redacted("sk-12345678 at https://host.example/path?x=1"))
"""


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our own layer as the build leaves it."""
    return prepared_layer(tmp_path_factory.mktemp("build"))


def prepared_layer(build: Path) -> Path:
    python = build / "PipelineLayer" / "python"
    shutil.copytree(ROOT / "layers" / "video_pipeline" / "python", python)
    shutil.copytree(ROOT / "functions" / "measure", build / "MeasureFunction")
    subprocess.run(  # noqa: S603 - our own code
        [sys.executable, ROOT / "layers" / "prepare.py", build], check=True
    )
    return python


def told_by(code: str, layer: Path) -> str:
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(layer), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_values_and_patterns_of_a_prepared_layer_are_as_ever(layer: Path) -> None:
    assert told_by(VALUES, layer) == (
        "Capability(job_id='job', attempt=1, key_id='k', proof='p')"
        " [key] at [link to host.example]\n"
    )


def test_what_was_not_prepared_is_compiled_as_ever(layer: Path) -> None:
    code = "import re, video_pipeline; print(re.findall('(?i)un[f]oreseen', 'UNFORESEEN'))"
    assert told_by(code, layer) == "['UNFORESEEN']\n"


def test_a_core_made_for_another_processor_is_stood_in_for(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    build = tmp_path_factory.mktemp("another")
    core = build / "DependenciesLayer" / "python" / "pydantic_core"
    shutil.copytree(Path(pydantic_core.__file__).parent, core)
    for library in core.glob("*.so"):
        library.unlink()
    python = prepared_layer(build)
    found = marshal.loads((python / "video_pipeline" / "prepared.marshal").read_bytes())  # noqa: S302 - our own
    assert any("validation_alias" in text for text in found[1])  # of a field of pydantic


def test_another_python_compiles_all_by_itself(layer: Path) -> None:
    code = "import re, _sre; _sre.MAGIC = 1; import video_pipeline; print(re._compiler.compile)"
    assert told_by(code, layer).startswith("<function compile at ")


def test_without_the_build_nothing_is_prepared() -> None:
    assert importlib.util.find_spec("video_pipeline.prepared") is None
