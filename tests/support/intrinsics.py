"""CloudFormation's functions, decided as far as a test can decide them.

References read as they do in `!Sub`: `${Ledger}`, `${Ledger.Arn}`.
"""

from collections.abc import Collection
from typing import Any

GONE = "${AWS::NoValue}"


def decided(value: Any, holding: Collection[str]) -> Any:
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


def statements(document: dict[str, Any]) -> list[dict[str, Any]]:
    return listed(document["Statement"])
