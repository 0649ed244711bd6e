"""Drop a manifest that goes on from an archived video; the same video again drops the same one."""

import json
import os
from typing import Any

import boto3


def handler(event: dict[str, Any], context: object) -> dict[str, str]:
    """Take the detail of `Video Archived`; return the keys of the manifest and its receipt."""
    job = event["job"]
    kept = {name: text for name, text in event["metadata"].items() if name != "continue"}
    manifest = {
        "name": f"{job['name']}-continued",
        "prompt": os.environ["PROMPT"],
        "video_urls": [event["video"]["uri"]],
        "metadata": {**kept, "continues": job["id"]},
    }
    boto3.client("s3").put_object(
        Bucket=os.environ["INTAKE_BUCKET"],
        Key=f"manifests/continued/{job['id']}.json",
        Body=json.dumps(manifest).encode(),
    )
    return {"receipt": f"receipts/continued/{job['id']}.json.json"}
