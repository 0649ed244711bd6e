"""References that lie in S3."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from video_pipeline.adapters.reference_sources import (
    Part,
    UnfitError,
    digest_of,
    empty,
    missing,
    total_of,
)
from video_pipeline.domain.media import MediaVersion

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Reader: TypeAlias = "Callable[[str], S3Client]"  # a bucket's own client
ASLEEP = frozenset({"GLACIER", "DEEP_ARCHIVE"})
KEEP_DAYS = 30
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


@dataclass(frozen=True, slots=True)
class S3Location:
    bucket: str
    key: str

    @classmethod
    def parse(cls, url: str) -> "S3Location":
        bucket, _, key = url.removeprefix("s3://").partition("/")
        if not (_BUCKET.fullmatch(bucket) and key):
            raise UnfitError(
                "reference_invalid",
                "The reference names no bucket and key.",
                "Write it as s3://bucket/key.",
            )
        return cls(bucket, key)


class S3Source:
    """An object, read as the reader role: what it may read, its signed links may fetch."""

    def __init__(self, reader: Reader, url: str) -> None:
        at = S3Location.parse(url)
        self._client = reader(at.bucket)
        self._place: dict[str, Any] = {"Bucket": at.bucket, "Key": at.key}
        self._same: dict[str, Any] = {}
        self.shown = url
        self.path = at.key

    def look(self) -> MediaVersion | None:
        with self._told():
            answer = self._client.head_object(**self._place)
        if answer.get("StorageClass", "") in ASLEEP:
            return None  # reading tells whether it was restored
        return self._version(answer, answer["ContentLength"])

    def read(self, first_byte: int, last_byte: int) -> Part:
        """Read a range of the version that was read first, and of no other."""
        part = f"bytes={first_byte}-{last_byte}"
        with self._told():
            answer = self._client.get_object(Range=part, **self._place, **self._same)
        self._same = {"IfMatch": answer["ETag"]}
        total = total_of(answer.get("ContentRange", ""))
        version = None if total is None else self._version(answer, total)
        with answer["Body"] as body:
            return Part(body.read(), total, version=version)

    def _version(self, answer: Any, size: int) -> MediaVersion:  # noqa: ANN401 - S3's answer
        version_id, etag = answer.get("VersionId"), answer["ETag"].strip('"')
        digest = digest_of(self.shown, version_id or "", etag, str(size))
        return MediaVersion(digest, size, etag, version_id, KEEP_DAYS)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except self._client.exceptions.ClientError as error:
            unfit = _ERRORS.get(error.response["Error"]["Code"])
            if unfit is None:
                raise
            raise unfit() from error


def _forbidden() -> UnfitError:
    return UnfitError(
        "reference_forbidden",
        "The pipeline's reader role may not read the file.",
        "Let the role read it (s3:GetObject, s3:ListBucket, and kms:Decrypt if the bucket has "
        "a key of its own), or name the bucket in the stack's reference buckets.",
    )


def _asleep() -> UnfitError:
    return UnfitError(
        "reference_archived",
        "The file lies in a storage class that cannot be read at once.",
        "Restore the file, or copy it into a bucket of a standard class.",
    )


def _changed() -> UnfitError:
    return UnfitError(
        "reference_changed",
        "The file was replaced while it was looked at.",
        "Let uploads end before the manifest is dropped.",
        may_come=True,
    )


_awaited = partial(missing, may_come=True)
_ERRORS: dict[str, Callable[[], UnfitError]] = {
    "NoSuchKey": _awaited,
    "NoSuchBucket": missing,
    "404": _awaited,
    "AccessDenied": _forbidden,
    "AllAccessDisabled": _forbidden,
    "403": _forbidden,
    "KMS.DisabledException": _forbidden,
    "KMS.NotFoundException": _forbidden,
    "InvalidObjectState": _asleep,
    "PreconditionFailed": _changed,
    "412": _changed,
    "InvalidRange": empty,
    "416": empty,
}
