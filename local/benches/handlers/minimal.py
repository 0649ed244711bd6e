"""The least that a function could do with its clients: make them, and make one call with each."""

import json
import os
from typing import Any

from botocore.session import Session

CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "dynamodb": ("get_item", {"TableName": "ledger", "Key": {"pk": {"S": "JOB#1"}}}),
    "events": ("put_events", {"Entries": [{"Source": "bench", "Detail": "{}"}]}),
    "s3": ("head_object", {"Bucket": "intake", "Key": "manifests/m.json"}),
    "secretsmanager": ("get_secret_value", {"SecretId": "secret"}),
    "sqs": ("send_message", {"QueueUrl": "https://queue", "MessageBody": "{}"}),
    "stepfunctions": ("start_execution", {"stateMachineArn": "arn:aws:states:machine"}),
    "sts": ("assume_role", {"RoleArn": "arn:aws:iam::123456789012:role/r", "RoleSessionName": "r"}),
}
session = Session()
clients = {
    service: session.create_client(service, region_name=os.environ["AWS_REGION"])
    for service in json.loads(os.environ["BENCH_CLIENTS"])
}


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    for service, client in clients.items():
        operation, sent = CALLS[service]
        try:
            getattr(client, operation)(**sent)
        except client.exceptions.ClientError:
            continue  # an object that is not there is an answer too
    return {}
