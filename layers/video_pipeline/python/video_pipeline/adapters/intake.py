"""The intake bucket: manifests in, receipts out."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from video_pipeline.domain.drop import Drop
from video_pipeline.domain.identity import drop_receipt_key, receipt_key
from video_pipeline.ports import ReadObject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LONGEST_MANIFEST = 32 * 1024 * 1024
MISSING = frozenset({"NoSuchKey", "NoSuchVersion", "404"})
LOST_RACE = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})
RACES = 8


class S3Intake:
    """The intake port: reads one version of a manifest."""

    def __init__(self, client: "S3Client") -> None:
        self._client = client

    def read(self, bucket: str, key: str, version_id: str | None) -> ReadObject | None:
        """Read at most one byte more than a manifest may have: the reader tells the limit."""
        version: dict[str, Any] = {"VersionId": version_id} if version_id else {}
        try:
            answer = self._client.get_object(Bucket=bucket, Key=key, **version)
        except self._client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in MISSING:
                return None
            raise
        with answer["Body"] as body:
            content = body.read(LONGEST_MANIFEST + 1)
        return ReadObject(content, answer.get("VersionId", "null"), answer["LastModified"])


class S3Receipts:
    """The receipts port: an older view never replaces a newer one."""

    def __init__(self, client: "S3Client") -> None:
        self._client = client

    def write(self, drop: Drop, receipt: Mapping[str, object]) -> None:
        body = json.dumps(receipt, ensure_ascii=False, indent=2).encode()
        for key in (drop_receipt_key(drop.key, drop.id), receipt_key(drop.key)):
            self._write_newest(drop, key, body)

    def _write_newest(self, drop: Drop, key: str, body: bytes) -> None:
        order = _order_of(drop)
        for _ in range(RACES):
            condition = self._condition(drop.bucket, key, order)
            if condition is None:
                return
            try:
                self._client.put_object(
                    Bucket=drop.bucket,
                    Key=key,
                    Body=body,
                    ContentType="application/json",
                    Metadata={"order": order},
                    **condition,
                )
            except self._client.exceptions.ClientError as error:
                if error.response["Error"]["Code"] not in LOST_RACE:
                    raise
            else:
                return

    def _condition(self, bucket: str, key: str, order: str) -> dict[str, Any] | None:
        """Return the condition under which to write, None when a newer receipt is there."""
        try:
            head = self._client.head_object(Bucket=bucket, Key=key)
        except self._client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in MISSING:
                return {"IfNoneMatch": "*"}
            raise
        return None if head["Metadata"].get("order", "") >= order else {"IfMatch": head["ETag"]}


def _order_of(drop: Drop) -> str:
    """Name a view so that text order is the order of drops, then of views."""
    return f"{drop.dropped_at.isoformat()}/{drop.recorded_at.isoformat()}/{drop.view:012d}"
