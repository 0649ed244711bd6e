"""What must be true of stacks, asked of the engine."""

from botocore.exceptions import ClientError

from local_stack.clients import Clients
from local_stack.errors import LocalStackError


def hold(promise: object, words: str) -> None:
    if not promise:
        raise LocalStackError(f"It does not hold that {words}.")


def status_of(clients: Clients, stack: str) -> str:
    (found,) = clients.cloudformation().describe_stacks(StackName=stack)["Stacks"]
    return found["StackStatus"]


def physical_ids(clients: Clients, stack: str) -> dict[str, str]:
    pages = clients.cloudformation().get_paginator("list_stack_resources")
    return {
        each["LogicalResourceId"]: each.get("PhysicalResourceId", "")
        for page in pages.paginate(StackName=stack)
        for each in page["StackResourceSummaries"]
    }


def shared_ids(clients: Clients, one: str, other: str) -> set[str]:
    """Return what two stacks call alike; a stage is named within its API alone."""
    both = set(physical_ids(clients, one).values()) & set(physical_ids(clients, other).values())
    return both - {"$default"}


def same_but(before: dict[str, str], after: dict[str, str]) -> bool:
    """Say whether everything that was there is there still, under the name that it had."""
    return all(after.get(name) == physical for name, physical in before.items())


def kept_after_deletion(clients: Clients, stack: str, stores: dict[str, str]) -> None:
    """Put an object into each bucket, delete the stack, and find all of it again."""
    buckets = [name for logical, name in stores.items() if logical.endswith("Bucket")]
    for bucket in buckets:
        clients.s3().put_object(Bucket=bucket, Key="videos/kept.txt", Body=b"kept")
    formation = clients.cloudformation()
    formation.delete_stack(StackName=stack)
    formation.get_waiter("stack_delete_complete").wait(
        StackName=stack, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    for bucket in buckets:
        body = clients.s3().get_object(Bucket=bucket, Key="videos/kept.txt")["Body"].read()
        hold(body == b"kept", f"{bucket} is kept")
    table = clients.dynamodb().describe_table(TableName=stores["Ledger"])["Table"]
    hold(table["TableStatus"] == "ACTIVE", "the ledger is kept")
    hold(is_gone(clients, stack), "functions are gone")


def is_gone(clients: Clients, stack: str) -> bool:
    try:
        functions = clients.of("lambda").list_functions()["Functions"]
    except ClientError:
        return True
    return not [each for each in functions if each["FunctionName"].startswith(f"{stack}-")]
