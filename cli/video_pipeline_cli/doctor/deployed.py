"""A deployed stack as CloudFormation tells of it, the same on AWS and on the local engine."""

import json
from dataclasses import dataclass
from typing import Any

from video_pipeline_cli.doctor.template import Template
from video_pipeline_cli.target import Target


@dataclass(frozen=True)
class Resource:
    """One resource: what the template calls it, and what AWS does."""

    name: str
    type: str
    id: str


@dataclass(frozen=True)
class Deployed:
    target: Target
    outputs: dict[str, str]
    parameters: dict[str, str]
    resources: dict[str, Resource]
    template: Template

    def client(self, service: str) -> Any:  # noqa: ANN401 - a client of any service
        return self.target.client(service)

    def id_of(self, name: str) -> str:
        return self.resources[name].id

    def of_type(self, kind: str) -> list[Resource]:
        return [each for each in self.resources.values() if each.type == kind]

    @property
    def local_hosts(self) -> frozenset[str]:
        """Origins that may be reached over plain http, because they are on this machine."""
        return frozenset(self.parameters.get("AllowedLocalHosts", "").split(","))

    @property
    def update(self) -> str:
        """The command that deploys again what is missing."""
        if self.target.is_local:
            return "`make down up`"
        return f"`sam deploy --stack-name {self.target.stack}`"

    def change(self, parameter: str, value: str) -> str:
        return f"deploy again with `--parameter-overrides {parameter}={value}`"


def look_up(target: Target) -> Deployed:
    """Ask CloudFormation for all that it knows of the stack."""
    formation, name = target.client("cloudformation"), target.stack
    (stack,) = formation.describe_stacks(StackName=name)["Stacks"]
    pages = formation.get_paginator("list_stack_resources").paginate(StackName=name)
    found = [each for page in pages for each in page["StackResourceSummaries"]]
    body = formation.get_template(StackName=name, TemplateStage="Processed")["TemplateBody"]
    return Deployed(
        target,
        {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])},
        {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", [])},
        {each["LogicalResourceId"]: _resource(each) for each in found},
        Template(json.loads(body) if isinstance(body, str) else body),
    )


def _resource(told: dict[str, str]) -> Resource:
    return Resource(
        told["LogicalResourceId"], told["ResourceType"], told.get("PhysicalResourceId", "")
    )
