"""Turn the built template into the one that runs locally: runtime and layers differ, nothing else.

The engine runs `provided` functions under AWS's own runtime client; it has no layers for them,
so each function's bootstrap puts its layers on the path instead.
"""

from copy import deepcopy
from typing import Any

LOCAL_RUNTIME = "provided.al2023"
FUNCTION = "AWS::Serverless::Function"
LAYER = "AWS::Serverless::LayerVersion"

Template = dict[str, Any]


def localise(template: Template) -> Template:
    local = deepcopy(template)
    for properties in (everywhere(local), *functions(local).values()):
        properties.pop("Layers", None)
        if "Runtime" in properties:
            properties["Runtime"] = LOCAL_RUNTIME
    for name in layers(template):
        del local["Resources"][name]
    return local


def everywhere(template: Template) -> dict[str, Any]:
    """Return what the template says of all its functions."""
    return dict_at(dict_at(template, "Globals"), "Function")


def dict_at(parent: dict[str, Any], key: str) -> dict[str, Any]:
    value: dict[str, Any] = parent.get(key, {})
    return value


def functions(template: Template) -> dict[str, dict[str, Any]]:
    return properties_of(template, FUNCTION)


def layers(template: Template) -> dict[str, dict[str, Any]]:
    return properties_of(template, LAYER)


def properties_of(template: Template, resource_type: str) -> dict[str, dict[str, Any]]:
    return {
        name: resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == resource_type
    }


def layers_of(template: Template, function: str) -> list[str]:
    """Name a function's layers in the order in which AWS lays them over each other."""
    own = functions(template)[function].get("Layers", [])
    return [layer["Ref"] for layer in everywhere(template).get("Layers", []) + own]
