from copy import deepcopy
from typing import Any

from local_stack.localise import layers_of, localise

BUILT: dict[str, Any] = {
    "Globals": {"Function": {"Runtime": {"Ref": "PythonRuntime"}, "Timeout": 60}},
    "Resources": {
        "Light": {
            "Type": "AWS::Serverless::Function",
            "Properties": {"CodeUri": "Light", "Layers": [{"Ref": "Ours"}]},
        },
        "Heavy": {
            "Type": "AWS::Serverless::Function",
            "Properties": {
                "CodeUri": "Heavy",
                "Runtime": "python3.13",
                "Layers": [{"Ref": "Ours"}, {"Ref": "Media"}],
            },
        },
        "Ours": {"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": "Ours"}},
        "Media": {"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": "Media"}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 30}},
    },
}


def test_only_runtime_and_layers_differ_in_the_local_copy() -> None:
    expected = deepcopy(BUILT)
    expected["Globals"]["Function"]["Runtime"] = "provided.al2023"
    expected["Resources"]["Heavy"]["Properties"]["Runtime"] = "provided.al2023"
    for name in ("Light", "Heavy"):
        del expected["Resources"][name]["Properties"]["Layers"]
    for name in ("Ours", "Media"):
        del expected["Resources"][name]
    assert localise(BUILT) == expected


def test_the_built_template_itself_stays_as_it_is() -> None:
    before = deepcopy(BUILT)
    localise(BUILT)
    assert before == BUILT


def test_a_template_without_common_settings_can_be_localised() -> None:
    assert localise({"Resources": {}}) == {"Resources": {}}


def test_layers_are_named_in_the_order_in_which_they_are_laid() -> None:
    assert layers_of(BUILT, "Heavy") == ["Ours", "Media"]


def test_layers_that_all_functions_share_lie_below_their_own() -> None:
    template = deepcopy(BUILT)
    template["Globals"]["Function"]["Layers"] = [{"Ref": "Base"}]
    assert layers_of(template, "Light") == ["Base", "Ours"]
