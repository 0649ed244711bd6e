"""Look whether a manifest has come to its end."""

import json
import os
from typing import Any

import boto3


def handler(event: dict[str, str], context: object) -> dict[str, Any]:
    """Return the receipt's key with how the job ended; `open` as long as it has not."""
    client = boto3.client("s3")
    try:
        answer = client.get_object(Bucket=os.environ["INTAKE_BUCKET"], Key=event["receipt"])
    except client.exceptions.NoSuchKey:
        return {**event, "end": "open"}
    receipt = json.loads(answer["Body"].read())
    if receipt["state"] == "rejected":
        return {**event, "end": "rejected"}
    (job,) = receipt["jobs"]
    end = job["state"] if receipt["state"] == "completed" else "open"
    return {**event, "end": end, "key": job["key"]}
