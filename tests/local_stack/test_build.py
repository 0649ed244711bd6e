import sys
from pathlib import Path

import pytest

from local_stack.build import bootstrap_text, derive, run, this_host
from local_stack.errors import LocalStackError
from local_stack.places import StackFolder

TEMPLATE = """
Globals: {Function: {Runtime: python3.13}}
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: Hello, Layers: [{Ref: Ours}, {Ref: Media}]}
  Ours: {Type: "AWS::Serverless::LayerVersion", Properties: {ContentUri: Ours}}
  Media: {Type: "AWS::Serverless::LayerVersion", Properties: {ContentUri: Media}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> StackFolder:
    folder = StackFolder(tmp_path, tmp_path / "stack.json")
    (folder.built / "Hello").mkdir(parents=True)
    (folder.built / "Hello" / "handler.py").write_text("")
    (folder.built / "template.yaml").write_text(TEMPLATE)
    return folder


def test_a_function_searches_its_own_code_first_and_the_last_laid_layer_next() -> None:
    text = bootstrap_text([Path("/copy/Media/python"), Path("/copy/Ours/python")])
    assert '="$LAMBDA_TASK_ROOT:/copy/Media/python:/copy/Ours/python"' in text


def test_a_function_runs_under_the_runtime_client_with_its_own_handler() -> None:
    text = bootstrap_text([])
    assert text.splitlines()[-1].endswith('/runtime/bin/python" -m awslambdaric "$_HANDLER"')


def test_the_copy_gives_each_function_an_executable_bootstrap_with_its_layers(
    folder: StackFolder,
) -> None:
    derive(folder)
    bootstrap = folder.copy / "Hello" / "bootstrap"
    assert bootstrap.stat().st_mode & 0o111
    assert f"{folder.copy}/Media/python:{folder.copy}/Ours/python" in bootstrap.read_text()


def test_the_build_itself_is_not_changed_by_the_copy(folder: StackFolder) -> None:
    derive(folder)
    assert (folder.built / "template.yaml").read_text() == TEMPLATE
    assert not (folder.built / "Hello" / "bootstrap").exists()


def test_the_build_is_for_the_python_and_the_processor_of_this_host() -> None:
    host = this_host()
    assert host.runtime == f"python3.{sys.version_info.minor}"
    assert host.architecture in {"arm64", "x86_64"}


def test_a_failing_sam_is_quoted_with_its_last_words() -> None:
    command = ["sh", "-c", "seq 100; echo 'no such layer' >&2; exit 1"]
    with pytest.raises(LocalStackError) as caught:
        run(command, {"PATH": "/usr/bin:/bin"}, "The build failed.")
    assert str(caught.value).startswith("The build failed. Its last words:\n77\n")
    assert str(caught.value).endswith("\nno such layer")
