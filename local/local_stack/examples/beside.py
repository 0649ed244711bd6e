"""Deploy an example beside the running stack, its functions under the same runtime client."""

import shutil
from pathlib import Path

import boto3
import yaml

from local_stack.build import bootstrap_text, this_host
from local_stack.clients import Clients
from local_stack.deploy import Deployment, deploy, outputs
from local_stack.localise import Template, everywhere, functions, localise
from local_stack.places import PROJECT, StackFolder
from local_stack.template_file import read_template

EXAMPLES = PROJECT / "examples" / "subscribers"


def names() -> list[str]:
    return sorted(path.parent.name for path in EXAMPLES.glob("*/template.yaml"))


def deploy_example(
    folder: StackFolder, clients: Clients, name: str, parameters: dict[str, str]
) -> dict[str, str]:
    """Deploy an example under its own name; return its outputs."""
    template = derive_example(folder, name)
    deploy(folder, clients, Deployment(template, parameters, name), this_host())
    return outputs(clients, name)


def derive_example(folder: StackFolder, name: str) -> Path:
    """Make the copy that runs here, as is made of the pipeline; return its template."""
    copy = folder.path / "examples" / name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(EXAMPLES / name, copy)
    template = read_template(copy / "template.yaml")
    library = Path(boto3.__file__).parents[1]  # AWS's own runtime brings boto3
    for code in codes(template):
        bootstrap = copy / code / "bootstrap"
        bootstrap.write_text(bootstrap_text([library]))
        bootstrap.chmod(0o755)
    local = copy / "template.yaml"
    local.write_text(yaml.safe_dump(localise(template), sort_keys=False))
    return local


def codes(template: Template) -> set[str]:
    """Return the folders of all functions."""
    common = everywhere(template)
    return {{**common, **own}["CodeUri"] for own in functions(template).values()}
