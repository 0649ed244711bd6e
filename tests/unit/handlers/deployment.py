"""The deployed stack as a function sees it: physical names, its environment, its rights."""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import boto3

from tests.support.intrinsics import decided, listed, statements
from tests.support.template import load_template
from tests.support.world import ARCHIVE, CALLBACK_KEY, INTAKE, TABLE

TEMPLATE = load_template()
REGION, ACCOUNT = "us-east-1", "123456789012"
STACK = "video-pipeline"
BUS = f"{STACK}-events"
MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:video_job"
PROVIDER_KEY = "sk-planted-provider-key"
REFERENCE = re.compile(r"\$\{([A-Za-z0-9:.]+)\}")


def arn(service: str, name: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{name}"


@dataclass(frozen=True, slots=True)
class Deployment:
    """Names as CloudFormation would give them, by what the template calls them."""

    names: dict[str, str]

    def physical(self, text: str) -> str:
        return REFERENCE.sub(lambda found: self.names[found[1]], text)

    def environment(self, function: str) -> dict[str, str]:
        """Return exactly the variables that the template gives to a function."""
        common = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
        own = _properties(function).get("Environment", {}).get("Variables", {})
        variables = decided(common | own, {"OnAws"})
        return {name: self.physical(str(value)) for name, value in variables.items()}

    def may(self, function: str, action: str, resource: str) -> bool:
        """Say whether a function's own role allows an action on a resource."""
        return any(
            fnmatchcase(resource, self.physical(allowed))
            for statement in _statements(function)
            for allowed in listed(statement["Resource"])
            if action in listed(statement["Action"])
        )


def deploy() -> Deployment:
    """Make in moto what the template makes besides buckets and ledger, which the world has."""
    secrets = boto3.client("secretsmanager")
    provider = secrets.create_secret(Name="ProviderSecret", SecretString=PROVIDER_KEY)
    callback = secrets.create_secret(Name="CallbackSecret", SecretString=CALLBACK_KEY)
    boto3.client("events").create_event_bus(Name=BUS)
    queue = boto3.client("sqs").create_queue(QueueName="ManifestsQueue")["QueueUrl"]
    role = f"arn:aws:iam::{ACCOUNT}:role/reader"
    boto3.client("stepfunctions").create_state_machine(
        name="video_job", definition='{"StartAt": "Done"}', roleArn=role
    )
    names = {name: str(parameter["Default"]) for name, parameter in TEMPLATE["Parameters"].items()}
    names |= {
        "AWS::Partition": "aws",
        "AWS::StackName": STACK,
        "AWS::Region": REGION,
        "AWS::AccountId": ACCOUNT,
        "IntakeBucket": INTAKE,
        "IntakeBucket.Arn": f"arn:aws:s3:::{INTAKE}",
        "ArchiveBucket": ARCHIVE,
        "ArchiveBucket.Arn": f"arn:aws:s3:::{ARCHIVE}",
        "Ledger": TABLE,
        "Ledger.Arn": arn("dynamodb", f"table/{TABLE}"),
        "VideoJob": MACHINE,
        "VideoJob.Name": "video_job",
        "ManifestsQueue": queue,
        "ManifestsQueue.Arn": arn("sqs", "ManifestsQueue"),
        "Bus": BUS,
        "Bus.Arn": arn("events", f"event-bus/{BUS}"),
        "ProviderSecret.Id": provider["ARN"],
        "CallbackSecret.Id": callback["ARN"],
        "ReaderRole.Arn": role,
        "CallbackApi.ApiEndpoint": "https://callbacks.test",
    }
    return Deployment(names)


def function_id(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_")) + "Function"


def _properties(function: str) -> dict[str, Any]:
    properties: dict[str, Any] = TEMPLATE["Resources"][function_id(function)]["Properties"]
    return properties


def _statements(function: str) -> list[dict[str, Any]]:
    role = {"Ref": function_id(function) + "Role"}
    documents = list(_properties(function)["Policies"]) + [
        resource["Properties"]["PolicyDocument"]
        for resource in TEMPLATE["Resources"].values()
        if resource["Type"] == "AWS::IAM::Policy" and role in resource["Properties"]["Roles"]
    ]
    return [
        statement
        for document in documents
        for statement in statements(decided(document, {"OnAws"}))
    ]
