"""The table of what each role may do, read from the translated template."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from local_stack.translate import translate

ON_AWS = {"OnAws"}
ROLE, POLICY = "AWS::IAM::Role", "AWS::IAM::Policy"
HEAD = "| role | may | on |\n| --- | --- | --- |"
Rights = dict[str, set[str]]
"""Resources, each with the actions that are allowed on it."""


def rights_table(template: dict[str, Any]) -> str:
    resources = translate(template, {"LocalEngine": "false"})["Resources"]
    roles = sorted(name for name, each in resources.items() if each["Type"] == ROLE)
    return "\n".join([HEAD, *(row for role in roles for row in _rows(role, resources))])


def _rows(role: str, resources: dict[str, Any]) -> Iterator[str]:
    for place, actions in sorted(_rights(role, resources).items()):
        may = ", ".join(f"`{action}`" for action in sorted(actions))
        yield f"| {role.removesuffix('Role')} | {may} | {place} |"


def _rights(role: str, resources: dict[str, Any]) -> Rights:
    documents = [
        each["PolicyDocument"] for each in resources[role]["Properties"].get("Policies", [])
    ]
    documents += [
        each["Properties"]["PolicyDocument"]
        for each in resources.values()
        if each["Type"] == POLICY and {"Ref": role} in each["Properties"]["Roles"]
    ]
    rights: defaultdict[str, set[str]] = defaultdict(set)
    for statement in (part for document in documents for part in _listed(document["Statement"])):
        chosen = _decided(statement)
        for place in _listed(chosen["Resource"]):
            rights[f"`{_spelt(place)}`"] |= set(_listed(chosen["Action"]))
    return rights


def _decided(value: Any) -> Any:  # noqa: ANN401 - any part of a template
    """Choose every Fn::If as on AWS."""
    if isinstance(value, list):
        return [_decided(part) for part in value]
    if not isinstance(value, dict):
        return value
    if "Fn::If" in value:
        condition, yes, no = value["Fn::If"]
        return _decided(yes if condition in ON_AWS else no)
    return {name: _decided(part) for name, part in value.items()}


def _spelt(place: Any) -> str:  # noqa: ANN401 - any function of CloudFormation
    """Spell a reference as the template's own word for it."""
    if isinstance(place, str):
        return place
    ((name, content),) = place.items()
    match name:
        case "Ref":
            return str(content)
        case "Fn::GetAtt":
            return str(content.partition(".")[0] if isinstance(content, str) else content[0])
        case "Fn::Sub" if isinstance(content, str):
            plain = content.replace(".Arn}", "}").replace("AWS::", "").replace(".Name}", "}")
            return plain.replace("${", "").replace("}", "")
    return "ReferenceBucketArns"


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - one thing or several
    return value if isinstance(value, list) else [value]
