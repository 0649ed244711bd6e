"""Read a template as it is written, with CloudFormation's short tags in their long form."""

from pathlib import Path
from typing import Any

import yaml

from local_stack.localise import Template

WITHOUT_PREFIX = ("Ref", "Condition")


class TemplateLoader(yaml.SafeLoader):
    """YAML as CloudFormation writes it."""


def long_form(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> dict[str, Any]:
    name = tag if tag in WITHOUT_PREFIX else f"Fn::{tag}"
    return {name: value_of(loader, tag, node)}


def value_of(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> Any:  # noqa: ANN401 - any YAML
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.ScalarNode):
        text = str(loader.construct_scalar(node))
        return text.split(".", 1) if tag == "GetAtt" else text
    raise TypeError(f"Not a YAML node: {node}")


TemplateLoader.add_multi_constructor("!", long_form)


def read_template(path: Path) -> Template:
    template: Template = yaml.load(path.read_text(), Loader=TemplateLoader)  # noqa: S506 - safe
    return template
