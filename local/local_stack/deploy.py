from dataclasses import dataclass, field
from pathlib import Path

from local_stack.build import Host, run
from local_stack.clients import Clients
from local_stack.environment import against_engine
from local_stack.errors import LocalStackError
from local_stack.places import SAM, StackFolder

STACK_NAME = "video-pipeline"


@dataclass(frozen=True)
class Deployment:
    template: Path
    parameters: dict[str, str]
    stack_name: str = STACK_NAME
    tags: dict[str, str] = field(default_factory=dict)

    def overrides(self, host: Host) -> list[str]:
        return host.overrides() + [f"{name}={value}" for name, value in self.parameters.items()]


def deploy(folder: StackFolder, clients: Clients, deployment: Deployment, host: Host) -> None:
    command = [str(SAM), "deploy", "--template-file", str(deployment.template)]
    command += ["--stack-name", deployment.stack_name, "--resolve-s3", "--no-progressbar"]
    command += ["--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
    command += ["--no-confirm-changeset", "--parameter-overrides", *deployment.overrides(host)]
    if deployment.tags:
        command += ["--tags", *(f"{name}={value}" for name, value in deployment.tags.items())]
    try:
        run(command, against_engine(folder, clients.endpoint), "The deployment failed.")
    except LocalStackError as error:
        raise LocalStackError(
            "\n".join([str(error), *failures(clients, deployment.stack_name)])
        ) from error


def failures(clients: Clients, stack_name: str) -> list[str]:
    """List what the engine says of each resource that it refused, if it got that far."""
    formation = clients.cloudformation()
    try:
        events = formation.describe_stack_events(StackName=stack_name)["StackEvents"]
    except formation.exceptions.ClientError:
        return []
    return [
        f"  {event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason given')}"
        for event in events
        if event["ResourceStatus"].endswith("_FAILED")
    ]


def outputs(clients: Clients, stack_name: str = STACK_NAME) -> dict[str, str]:
    stack = clients.cloudformation().describe_stacks(StackName=stack_name)["Stacks"][0]
    return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}
