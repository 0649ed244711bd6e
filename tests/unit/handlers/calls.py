"""Every call that a function makes to AWS, as IAM sees it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.unit.handlers.deployment import MACHINE, arn

SERVICES = {
    "DynamoDB": "dynamodb",
    "S3": "s3",
    "SFN": "states",
    "EventBridge": "events",
    "Secrets Manager": "secretsmanager",
    "STS": "sts",
    "SQS": "sqs",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One action on one resource, with what was sent along."""

    action: str
    resource: str
    sent: dict[str, Any]


def calls_in(service: str, operation: str, sent: dict[str, Any]) -> Iterator[Call]:
    """Yield what IAM checks for one operation; a transaction is checked write by write."""
    prefix = SERVICES[service]
    if prefix == "dynamodb":
        yield from _on_tables(operation, sent)
    elif prefix == "s3":
        yield Call(f"s3:{_s3_action(operation, sent)}", _object_arn(sent), sent)
    else:
        yield Call(f"{prefix}:{operation}", _resource(operation, sent), sent)


def _on_tables(operation: str, sent: dict[str, Any]) -> Iterator[Call]:
    if operation == "TransactWriteItems":
        for write in sent["TransactItems"]:
            ((verb, part),) = write.items()
            yield Call(f"dynamodb:{verb}Item", arn("dynamodb", f"table/{part['TableName']}"), part)
    elif operation == "BatchGetItem":
        for table in sent["RequestItems"]:
            yield Call("dynamodb:BatchGetItem", arn("dynamodb", f"table/{table}"), sent)
    else:
        table = f"table/{sent['TableName']}"
        place = f"{table}/index/{sent['IndexName']}" if "IndexName" in sent else table
        yield Call(f"dynamodb:{operation}", arn("dynamodb", place), sent)


def _s3_action(operation: str, sent: dict[str, Any]) -> str:
    if operation == "PutObject":
        return operation
    if operation not in {"GetObject", "HeadObject"}:
        raise NotImplementedError(f"Which right {operation} needs is not written down yet.")
    return "GetObjectVersion" if "VersionId" in sent else "GetObject"


def _object_arn(sent: dict[str, Any]) -> str:
    return f"arn:aws:s3:::{sent['Bucket']}/{sent['Key']}"


NAMED_BY = {
    "StartExecution": "stateMachineArn",
    "DescribeExecution": "executionArn",
    "GetSecretValue": "SecretId",
    "AssumeRole": "RoleArn",
}


def _resource(operation: str, sent: dict[str, Any]) -> str:
    if operation in NAMED_BY:
        return str(sent[NAMED_BY[operation]])
    match operation:
        case "PutEvents":
            (bus,) = {entry["EventBusName"] for entry in sent["Entries"]}
            return arn("events", f"event-bus/{bus}")
        case "SendTaskSuccess" | "SendTaskFailure":
            return MACHINE
        case "SendMessage":
            return arn("sqs", sent["QueueUrl"].rpartition("/")[2])
    raise NotImplementedError(f"Which resource {operation} names is not written down yet.")
