"""docs/configuration.md: every parameter, in the groups in which the console shows them."""

from collections.abc import Iterator
from typing import Any

HEAD = """\
# Configuration

<!-- Written from template.yaml by `make documents`; change it there. -->

Every parameter has a default that works; look at `DailyCreditLimit` before you drop anything.
Set one with `sam deploy --parameter-overrides NAME=VALUE`, or keep it in `samconfig.toml`.
The two secrets are no parameters: [security.md](security.md) says how they are set and changed.
"""


def configuration(template: dict[str, Any]) -> str:
    groups = template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    parts = [_group(group, template["Parameters"]) for group in groups]
    return "\n".join([HEAD, *parts])


def _group(group: dict[str, Any], parameters: dict[str, Any]) -> str:
    rows = "\n".join(_row(name, parameters[name]) for name in group["Parameters"])
    head = "| parameter | default | may be | what it is |\n| --- | --- | --- | --- |"
    return f"## {group['Label']['default']}\n\n{head}\n{rows}\n"


def _row(name: str, parameter: dict[str, Any]) -> str:
    default = str(parameter["Default"]) or "(empty)"
    may_be = ", ".join(_limits(parameter)) or "text"
    words = " ".join(parameter["Description"].split())
    return f"| `{name}` | `{default}` | {may_be} | {words} |"


def _limits(parameter: dict[str, Any]) -> Iterator[str]:
    if "AllowedValues" in parameter:
        yield ", ".join(f"`{value}`" for value in parameter["AllowedValues"])
    elif parameter["Type"] == "CommaDelimitedList":
        yield "texts with commas between"
    if "MinValue" in parameter:
        most = f"{parameter['MaxValue']:,}" if "MaxValue" in parameter else "any"
        yield f"{parameter['MinValue']:,} to {most}"
    if "AllowedPattern" in parameter:
        yield f"`{parameter['AllowedPattern']}`"
