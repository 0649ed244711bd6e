"""What the deployed template gives to each role."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

ROLE, POLICY = "AWS::IAM::Role", "AWS::IAM::Policy"


@dataclass(frozen=True)
class Template:
    """A template whose macros are done with."""

    document: dict[str, Any]

    def actions_of(self, role: str, made: Collection[str]) -> set[str]:
        """Return what a role may do for certain, by its own policies and those `made` beside it.

        What stands under a condition is left out, because only CloudFormation decides it.
        """
        resources = self.document["Resources"]
        own = resources[role]["Properties"].get("Policies", [])
        beside = [
            resources[name]["Properties"]["PolicyDocument"]
            for name in made
            if resources.get(name, {}).get("Type") == POLICY
            and {"Ref": role} in resources[name]["Properties"]["Roles"]
        ]
        return set(allowed_actions([own, beside]))


def allowed_actions(policy: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a policy
    """Yield the actions of every statement that allows, wherever it stands."""
    if isinstance(policy, list):
        for part in policy:
            yield from allowed_actions(part)
    elif isinstance(policy, dict):
        if policy.get("Effect") == "Allow":
            actions = policy["Action"]
            yield from [actions] if isinstance(actions, str) else actions
        for name, part in policy.items():
            if name != "Fn::If":
                yield from allowed_actions(part)
