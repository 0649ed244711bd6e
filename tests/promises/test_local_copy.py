"""What runs on the laptop is what is deployed, but for runtime, layers and bootstrap."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from local_stack.build import Launcher, derive
from local_stack.localise import FUNCTION, LAYER, localise
from local_stack.places import StackFolder
from local_stack.translate import translate
from tests.support.template import load_template

TEMPLATE = load_template()
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
FUNCTIONS = [name for name, resource in RESOURCES.items() if resource["Type"] == FUNCTION]
LAYERS = [name for name, resource in RESOURCES.items() if resource["Type"] == LAYER]
OF_A_FUNCTION = {"Code", "Runtime", "Layers"}


@pytest.fixture
def folder(tmp_path: Path) -> StackFolder:
    """A stack's folder as `sam build` leaves it: each function and layer under its own id."""
    folder = StackFolder(tmp_path, tmp_path / "stack.json")
    built = deepcopy(TEMPLATE)
    for name in FUNCTIONS:
        built["Resources"][name]["Properties"]["CodeUri"] = name
        (folder.built / name).mkdir(parents=True)
        (folder.built / name / "handler.py").write_text("# the handler")
    for name in LAYERS:
        built["Resources"][name]["Properties"]["ContentUri"] = name
        (folder.built / name / "python").mkdir(parents=True)
        (folder.built / name / "python" / "module.py").write_text("# a module")
    (folder.built / "template.yaml").write_text(yaml.safe_dump(built, sort_keys=False))
    return folder


def files_in(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file() and path.name != "template.yaml"
    }


def test_no_resource_but_the_layers_is_left_out() -> None:
    assert set(RESOURCES) - set(localise(TEMPLATE)["Resources"]) == set(LAYERS)


def test_nothing_but_runtime_and_layers_differs_in_the_template() -> None:
    local = localise(TEMPLATE)
    for name, resource in local["Resources"].items():
        here = {**RESOURCES[name]["Properties"]} if name in FUNCTIONS else None
        if here is None:
            assert resource == RESOURCES[name]
        else:
            here.pop("Layers", None)
            assert resource["Properties"] == here
    common = TEMPLATE["Globals"]["Function"]
    changed = {
        name for name, value in local["Globals"]["Function"].items() if value != common[name]
    }
    assert changed == {"Runtime"}
    for part in ("Parameters", "Conditions", "Outputs", "Metadata"):
        assert local[part] == TEMPLATE[part]


def test_once_translated_roles_and_rules_are_the_same_to_the_letter() -> None:
    deployed = translate(TEMPLATE)["Resources"]
    local = translate(localise(TEMPLATE))["Resources"]
    gone = {deployed[name]["Type"] for name in set(deployed) - set(local)}
    assert gone == {"AWS::Lambda::LayerVersion"}
    assert set(local) <= set(deployed)
    for name, resource in local.items():
        if resource["Type"] != "AWS::Lambda::Function":
            assert resource == deployed[name]
            continue
        there, here = deployed[name]["Properties"], resource["Properties"]
        for field in set(there) | set(here):
            if field not in OF_A_FUNCTION:
                assert here.get(field) == there.get(field), f"{name}.{field}"


def test_the_built_files_are_copied_as_they_are_with_a_bootstrap_beside_each_handler(
    folder: StackFolder,
) -> None:
    derive(folder)
    built, copied = files_in(folder.built), files_in(folder.copy)
    added = set(copied) - set(built)
    assert added == {f"{name}/bootstrap" for name in FUNCTIONS}
    assert {name: text for name, text in copied.items() if name not in added} == built


def test_a_function_finds_the_layers_that_the_template_lays_for_it(folder: StackFolder) -> None:
    derive(folder)
    for name in FUNCTIONS:
        bootstrap = (folder.copy / name / "bootstrap").read_text("utf-8")
        laid = [layer["Ref"] for layer in RESOURCES[name]["Properties"]["Layers"]]
        found = [layer for layer in LAYERS if f"/{layer}/python" in bootstrap]
        assert sorted(found) == sorted(laid)


def test_nothing_stands_between_a_function_and_the_runtime_client(folder: StackFolder) -> None:
    derive(folder)
    for name in FUNCTIONS:
        *settings, start = (folder.copy / name / "bootstrap").read_text("utf-8").splitlines()
        assert start.endswith('/python" -m awslambdaric "$_HANDLER"')
        assert [line.partition("=")[0] for line in settings] == ["#!/bin/sh", "export PYTHONPATH"]


def test_a_watched_copy_differs_in_its_bootstraps_alone(folder: StackFolder) -> None:
    """`make proof` puts its watch around the functions; they stay what they are."""
    watch = Launcher("crash_proof.inside", (Path("local"),), {"CRASH_FOLDER": "crashes"})
    derive(folder, watch)
    built, copied = files_in(folder.built), files_in(folder.copy)
    assert {name for name in copied if copied[name] != built.get(name)} == {
        f"{name}/bootstrap" for name in FUNCTIONS
    }


def test_the_template_itself_is_untouched(folder: StackFolder) -> None:
    before = (folder.built / "template.yaml").read_text("utf-8")
    derive(folder)
    assert (folder.built / "template.yaml").read_text("utf-8") == before
    assert load_template() == TEMPLATE
