"""The template as CloudFormation would deploy it: translated, conditions decided, names readable.

References read as they do in `!Sub`: `${Ledger}`, `${Ledger.Arn}`.
"""

from dataclasses import dataclass
from typing import Any

from local_stack.translate import translate
from tests.support.template import load_template

Properties = dict[str, Any]
GONE = "${AWS::NoValue}"


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


def deploy(*, local_engine: bool) -> Deployed:
    """Translate the template with its defaults, on AWS or for the local engine."""
    choice = "true" if local_engine else "false"
    translated = translate(load_template(), {"LocalEngine": choice})
    holding = {"OnAws"} if not local_engine else {"HasLocalApi"}
    resources = {
        name: decided(resource, holding)
        for name, resource in translated["Resources"].items()
        if resource.get("Condition", "OnAws") in holding or "Condition" not in resource
    }
    return Deployed(resources)


def decided(value: Any, holding: set[str]) -> Any:
    """Choose every Fn::If, drop what has no value, and spell references as text."""
    if isinstance(value, list):
        return [part for part in (decided(each, holding) for each in value) if part != GONE]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((name, content),) = value.items()
        if name == "Fn::If":
            condition, yes, no = content
            return decided(yes if condition in holding else no, holding)
        if name in {"Ref", "Fn::GetAtt"}:
            return "${" + (content if isinstance(content, str) else ".".join(content)) + "}"
        if name == "Fn::Sub" and isinstance(content, str):
            return content
    parts = {name: decided(part, holding) for name, part in value.items()}
    return {name: part for name, part in parts.items() if part != GONE}


def listed(value: Any) -> list[Any]:
    """Return what a policy may write as one thing or as a list, as a list."""
    return value if isinstance(value, list) else [value]


def statements(document: Properties) -> list[Properties]:
    return listed(document["Statement"])
