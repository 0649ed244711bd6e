"""The template as CloudFormation would deploy it: translated, conditions decided."""

from dataclasses import dataclass
from typing import Any

from local_stack.translate import translate
from tests.support.intrinsics import decided
from tests.support.template import load_template

Properties = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Deployed:
    """Every resource whose condition holds."""

    resources: dict[str, Properties]

    def of_type(self, kind: str) -> dict[str, Properties]:
        return {
            name: resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource["Type"] == kind
        }

    def properties(self, name: str) -> Properties:
        found: Properties = self.resources[name]["Properties"]
        return found


def deploy(*, local_engine: bool, chosen: frozenset[str] = frozenset()) -> Deployed:
    """Translate the template, on AWS or for the local engine, with conditions that were chosen."""
    translated = translate(load_template(), {"LocalEngine": "true" if local_engine else "false"})
    holding = {"HasLocalApi" if local_engine else "OnAws", *chosen}
    resources = {
        name: decided(resource, holding)
        for name, resource in translated["Resources"].items()
        if "Condition" not in resource or resource["Condition"] in holding
    }
    return Deployed(resources)
