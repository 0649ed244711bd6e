"""`python -m rehearsal`: create, beside another; update; fail to update; delete, and keep the rest.

Ends with an error at the first promise that does not hold.
"""

from dataclasses import replace
from pathlib import Path

from local_stack.build import RUNTIME_CLIENT, this_host
from local_stack.clients import Clients
from local_stack.deploy import Deployment, deploy, outputs
from local_stack.engine import start_engine
from local_stack.environment import forget_caller
from local_stack.errors import LocalStackError
from local_stack.places import REHEARSAL_STACK, StackFolder, stack_folder
from local_stack.progress import step
from local_stack.stack import clear, down, stopped_on_failure, timed_build
from rehearsal.promises import (
    hold,
    kept_after_deletion,
    physical_ids,
    same_but,
    shared_ids,
    status_of,
)

FILMS, CLIPS = "films", "clips"
TAGS = {"cost-centre": "4711", "owner": "films"}
NOWHERE = "http://127.0.0.1:9"
IMPOSSIBLE = """\
  Impossible:
    Type: AWS::CloudWatch::Alarm
    Properties: { ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1 }
"""
STORES = ("IntakeBucket", "ArchiveBucket", "Ledger")


def main() -> None:
    forget_caller()
    try:
        rehearse_all(stack_folder(REHEARSAL_STACK))
    except LocalStackError as error:
        raise SystemExit(f"rehearsal: {error}") from None


def rehearse_all(folder: StackFolder) -> None:
    with stopped_on_failure(folder):
        clear(folder)
        template = timed_build(folder, RUNTIME_CLIENT)
        clients = Clients(start_engine(folder, 0))
        rehearse(folder, clients, template)
    down(folder)


def rehearse(folder: StackFolder, clients: Clients, template: Path) -> None:
    first = Deployment(template, parameters(clients), FILMS, TAGS)
    with step("create"):
        deploy(folder, clients, first, this_host())
        hold(status_of(clients, FILMS) == "CREATE_COMPLETE", "the stack is created")
        hold(tags_of(clients, FILMS) == TAGS, "the stack carries the organisation's tags")
    with step("create a second stack in the same account"):
        deploy(folder, clients, replace(first, stack_name=CLIPS), this_host())
        shared = shared_ids(clients, FILMS, CLIPS)
        hold(not shared, f"two stacks share nothing, not {sorted(shared)}")
    with step("update"):
        before = physical_ids(clients, FILMS)
        deploy(folder, clients, with_cap(first, 900), this_host())
        hold(same_but(before, physical_ids(clients, FILMS)), "an update replaces nothing")
    with step("fail to update"):
        before, told = physical_ids(clients, FILMS), outputs(clients, FILMS)
        fails(folder, clients, replace(first, template=broken(template)))
        hold(physical_ids(clients, FILMS) == before, "a failed update leaves every resource")
        hold(outputs(clients, FILMS) == told, "a failed update leaves what the stack tells")
    with step("update again"):
        deploy(folder, clients, with_cap(first, 800), this_host())
        hold(status_of(clients, FILMS) == "UPDATE_COMPLETE", "the stack can be updated again")
    with step("delete, and keep buckets and ledger"):
        stores = {name: physical_ids(clients, FILMS)[name] for name in STORES}
        kept_after_deletion(clients, FILMS, stores)
        hold(status_of(clients, CLIPS) == "CREATE_COMPLETE", "the other stack stands")


def parameters(clients: Clients) -> dict[str, str]:
    return {
        "LocalEngine": "true",
        "ProviderBaseUrl": NOWHERE,
        "CallbackBaseUrl": clients.endpoint,
        "AllowedLocalHosts": NOWHERE,
    }


def with_cap(deployment: Deployment, credit_count: int) -> Deployment:
    parameters = {**deployment.parameters, "DailyCreditLimit": str(credit_count)}
    return replace(deployment, parameters=parameters)


def tags_of(clients: Clients, stack: str) -> dict[str, str]:
    (found,) = clients.cloudformation().describe_stacks(StackName=stack)["Stacks"]
    return {tag["Key"]: tag["Value"] for tag in found.get("Tags", [])}


def broken(template: Path) -> Path:
    """Write a copy with one more resource, which no engine can make."""
    text = template.read_text("utf-8")
    path = template.with_name("broken-template.yaml")
    path.write_text(text.replace("\nResources:\n", f"\nResources:\n{IMPOSSIBLE}", 1), "utf-8")
    return path


def fails(folder: StackFolder, clients: Clients, deployment: Deployment) -> None:
    try:
        deploy(folder, clients, deployment, this_host())
    except LocalStackError:
        return
    raise LocalStackError("A deployment with an impossible resource did not fail.")


if __name__ == "__main__":
    main()
