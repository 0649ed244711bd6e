"""The template as plain values, with its short function tags kept as long ones."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's tags: !Ref x becomes {"Ref": x}, !Sub x {"Fn::Sub": x}."""


def _tagged(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> dict[str, Any]:
    name = tag if tag in {"Ref", "Condition"} else f"Fn::{tag}"
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}  # type: ignore[arg-type] # the third kind


_Loader.add_multi_constructor("!", _tagged)


def load_template() -> dict[str, Any]:
    text = (ROOT / "template.yaml").read_text("utf-8")
    template: dict[str, Any] = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    return template


@cache
def table_definition() -> dict[str, Any]:
    """Return what CreateTable needs, from the template itself."""
    wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    properties = load_template()["Resources"]["Ledger"]["Properties"]
    return {name: properties[name] for name in wanted}
