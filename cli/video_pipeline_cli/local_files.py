"""The files beside a manifest, read as if they lay in the bucket already."""

import errno
import os
import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

from video_pipeline_cli.manifests import LocalManifest

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_RANGE = re.compile(r"bytes=([0-9]+)-([0-9]+)")


class _Exceptions:
    ClientError = ClientError


class LocalBucket:
    """As much of an S3 client as the reference checks use."""

    exceptions = _Exceptions

    def __init__(self, manifest: LocalManifest) -> None:
        self._manifest = manifest

    def get_object(self, **asked: Any) -> dict[str, Any]:  # noqa: ANN401 - boto3's own names
        path = self._manifest.file_of(asked["Key"])
        if not self._manifest.holds(path):
            raise _error("NoSuchKey", os.strerror(errno.ENOENT))
        first, last = self._wanted(asked.get("Range"), path.stat().st_size)
        if first > last:
            raise _error("InvalidRange", "The file is empty or ends before the range.")
        with path.open("rb") as file:
            file.seek(first)
            content = file.read(last - first + 1)
        whole = f"bytes {first}-{last}/{path.stat().st_size}"
        return {"Body": BytesIO(content), "ContentRange": whole, "ETag": str(path.stat().st_mtime)}

    def _wanted(self, asked: str | None, size: int) -> tuple[int, int]:
        found = _RANGE.fullmatch(asked or "")
        first, last = (int(found[1]), int(found[2])) if found else (0, size - 1)
        return first, min(last, size - 1)


def bucket_client(manifest: LocalManifest) -> "S3Client":
    return cast("S3Client", LocalBucket(manifest))


def _error(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "GetObject")
