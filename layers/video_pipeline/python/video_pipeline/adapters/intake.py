"""The intake bucket: manifests in, receipts out."""

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from video_pipeline.domain.drop import Drop
from video_pipeline.domain.identity import drop_receipt_key, receipt_key
from video_pipeline.domain.receipt import Receipt

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_s3 import S3Client

FIRST_BYTES = 1 << 20  # what comes with opening; few manifests are longer
MISSING = frozenset({"NoSuchKey", "NoSuchVersion", "404"})
LOST_RACE = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})
RACES = 8


class S3File:
    """One version of a manifest; what lies beyond its first bytes is fetched when asked for."""

    def __init__(self, client: "S3Client", bucket: str, key: str, answer: Any) -> None:  # noqa: ANN401 - S3's answer
        self._client = client
        version = {"VersionId": answer["VersionId"]} if "VersionId" in answer else {}
        self._place: dict[str, Any] = {"Bucket": bucket, "Key": key, **version}
        self.size: int = answer["ContentLength"]
        self.version_id: str = answer.get("VersionId", "null")
        self.dropped_at: datetime = answer["LastModified"]
        with answer["Body"] as body:
            self._first: bytes = body.read(FIRST_BYTES)

    def read(self, first_byte: int, length: int) -> bytes:
        end = min(first_byte + length, self.size)
        if end <= len(self._first):
            return self._first[first_byte:end]
        answer = self._client.get_object(**self._place, Range=f"bytes={first_byte}-{end - 1}")
        with answer["Body"] as body:
            # The local engine knows no ranges of a version and sends all of it.
            for skipped in range(0, 0 if answer.get("ContentRange") else first_byte, FIRST_BYTES):
                body.read(min(FIRST_BYTES, first_byte - skipped))
            return body.read(end - first_byte)


class S3Intake:
    """The intake port: opens one version of a manifest."""

    def __init__(self, client: "S3Client") -> None:
        self._client = client

    def open(self, bucket: str, key: str, version_id: str | None) -> S3File | None:
        version: dict[str, Any] = {"VersionId": version_id} if version_id else {}
        try:
            answer = self._client.get_object(Bucket=bucket, Key=key, **version)
        except self._client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in MISSING:
                return None
            raise
        return S3File(self._client, bucket, key, answer)


class S3Receipts:
    """The receipts port: an older view never replaces a newer one."""

    def __init__(self, client: "S3Client") -> None:
        self._client = client

    def write(self, drop: Drop, receipt: Receipt) -> None:
        body = receipt_text(receipt)
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


def receipt_text(receipt: Receipt) -> bytes:
    """Write job after job, so that those of a large drop are never in memory together."""
    head = asdict(replace(receipt, jobs=()))
    del head["jobs"]
    text = bytearray(_json(head)[:-2])
    text += b',\n  "jobs": ['
    separator = b"\n    "
    for job in receipt.jobs:
        text += separator + _json(asdict(job)).replace(b"\n", b"\n    ")
        separator = b",\n    "
    text += b"]\n}\n"
    return bytes(text)


def _json(tree: dict[str, Any]) -> bytes:
    return json.dumps(tree, ensure_ascii=False, indent=2).encode()


def _order_of(drop: Drop) -> str:
    """Name a view so that text order is the order of drops, then of views."""
    return f"{drop.dropped_at.isoformat()}/{drop.recorded_at.isoformat()}/{drop.view:012d}"
