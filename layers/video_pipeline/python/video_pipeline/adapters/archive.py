"""The archive bucket: finished videos and what lies beside them."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from video_pipeline.ports import StoredObject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PIECE = 1_048_576
NOT_THERE = frozenset({"404", "NoSuchKey"})


class S3Archive:
    """The archive port over one versioned bucket; the bucket's own encryption applies."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def find(self, key: str) -> tuple[StoredObject, Mapping[str, str]] | None:
        try:
            head = self._client.head_object(Bucket=self._bucket, Key=key)
        except self._client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in NOT_THERE:
                return None
            raise
        metadata = head["Metadata"]
        sha256 = metadata.get("sha256", "")
        version_id = head.get("VersionId", "null")
        size = head["ContentLength"]
        return StoredObject(self._bucket, key, version_id, size, sha256), metadata

    def put(
        self, key: str, source: Path | bytes, *, content_type: str, metadata: Mapping[str, str]
    ) -> StoredObject:
        """Write a new version; S3 refuses it unless the bytes have the sum computed here."""
        with _opened(source) as body:
            size, digest = _measured(body)
            body.seek(0)
            answer = self._client.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=body,
                ContentLength=size,
                ContentType=content_type,
                ChecksumSHA256=base64.b64encode(digest).decode(),
                Metadata={**metadata, "sha256": digest.hex()},
            )
        version_id = answer.get("VersionId", "null")
        return StoredObject(self._bucket, key, version_id, size, digest.hex())


@contextmanager
def _opened(source: Path | bytes) -> Iterator[BinaryIO]:
    with BytesIO(source) if isinstance(source, bytes) else source.open("rb") as body:
        yield body


def _measured(body: BinaryIO) -> tuple[int, bytes]:
    """Return size and SHA-256, read in pieces so that memory stays flat."""
    size, sha256 = 0, hashlib.sha256()
    while piece := body.read(PIECE):
        size += len(piece)
        sha256.update(piece)
    return size, sha256.digest()
