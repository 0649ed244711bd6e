"""The archive bucket: finished videos and what lies beside them."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from botocore.exceptions import ClientError, HTTPClientError

from video_pipeline.adapters.checked_body import PIECE, CheckedBody, Sums
from video_pipeline.adapters.framed_body import FramedBody, send_framed
from video_pipeline.adapters.ranged_file import RangedFile
from video_pipeline.adapters.reference_sources import Part, UnfitError
from video_pipeline.adapters.video_file import OPENING, SeenVideo
from video_pipeline.domain.errors import KeyTakenError
from video_pipeline.domain.media import UnreadableVideoError
from video_pipeline.ports import FoundObject, Labels, StoredObject, Stream, Video

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef, PutObjectOutputTypeDef

MOST_PUTS = 3
NOT_THERE = frozenset({"404", "NoSuchKey"})
OUTDATED = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
SERVER_ERROR = 500


class S3Archive:
    """The archive port over one versioned bucket; the bucket's own encryption applies.

    `streaming` is a client of one attempt: the SDK cannot repeat a body that it cannot rewind.
    """

    def __init__(
        self, client: "S3Client", streaming: "S3Client", bucket: str, storage_class: str
    ) -> None:
        self._client = client
        self._streaming = send_framed(streaming)
        self._bucket = bucket
        self._storage_class: Any = storage_class

    def find(self, key: str) -> FoundObject | None:
        try:
            return _found(
                self._client.head_object(Bucket=self._bucket, Key=key, ChecksumMode="ENABLED")
            )
        except ClientError as error:
            if _code(error) in NOT_THERE:
                return None
            raise

    def copy(
        self, key: str, video: Video, labels: Labels, over: FoundObject | None
    ) -> StoredObject:
        """Stream a video into one PutObject; what fails at S3 is begun anew from the first byte."""
        for puts_left in reversed(range(MOST_PUTS)):
            with video.stream() as stream:
                body = CheckedBody(stream, video.size)
                try:
                    return self._streamed(key, body, labels, over)
                except (ClientError, HTTPClientError) as error:
                    if body.trouble is not None:
                        raise body.trouble from error
                    if not (puts_left and _may_pass(error)):
                        raise
        raise AssertionError

    def _streamed(
        self, key: str, body: CheckedBody, labels: Labels, over: FoundObject | None
    ) -> StoredObject:
        unless: Any = {"IfNoneMatch": "*"} if over is None else {"IfMatch": over.etag}
        sent: Any = FramedBody(body)
        try:
            answer = self._streaming.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=sent,
                ContentLength=body.size,
                StorageClass=self._storage_class,
                **unless,
                **_labelled(labels),
            )
        except ClientError as error:
            if _code(error) in OUTDATED:
                raise KeyTakenError(f"{key} was written by somebody else meanwhile.") from error
            raise
        return self._stored(key, answer, body.size, body.sums)

    def reread(self, key: str, found: FoundObject) -> tuple[Video, StoredObject] | None:
        stored = StoredFile(self._client, self._bucket, key, found)
        sums = stored.sums()
        if sums.crc32 != found.crc32:
            return None
        try:
            video = SeenVideo(RangedFile(stored, head=OPENING), stored.content_type, stored.stream)
        except (UnreadableVideoError, UnfitError):
            return None
        kept = StoredObject(
            self._bucket, key, found.version_id, found.size, sums.sha256, sums.crc32
        )
        return video, kept

    def put(self, key: str, body: bytes, labels: Labels) -> StoredObject:
        sums = Sums()
        sums.add(body)
        answer = self._client.put_object(
            Bucket=self._bucket,
            Key=key,
            Body=body,
            ChecksumSHA256=base64.b64encode(bytes.fromhex(sums.sha256)).decode(),
            **_labelled(labels),
        )
        return self._stored(key, answer, len(body), sums)

    def _stored(
        self, key: str, answer: "PutObjectOutputTypeDef", size: int, sums: Sums
    ) -> StoredObject:
        version_id = answer.get("VersionId", "null")
        return StoredObject(self._bucket, key, version_id, size, sums.sha256, sums.crc32)


class StoredFile:
    """One version of an object, as a source of ranges and as a stream."""

    shown = path = "the archived video"

    def __init__(self, client: "S3Client", bucket: str, key: str, found: FoundObject) -> None:
        self.content_type = found.content_type
        self._client = client
        self._bucket, self._key, self._version_id = bucket, key, found.version_id
        self._size = found.size

    def read(self, first_byte: int, last_byte: int) -> Part:
        with self._opened(first_byte, last_byte) as body:
            return Part(body.read(), self._size)

    @contextmanager
    def stream(self) -> Iterator[Stream]:
        with self._opened(0, self._size - 1) as body:
            stream: Any = body  # its stubs know no memoryview
            yield stream

    def _opened(self, first_byte: int, last_byte: int) -> "StreamingBody":
        return self._client.get_object(
            Bucket=self._bucket,
            Key=self._key,
            VersionId=self._version_id,
            Range=f"bytes={first_byte}-{last_byte}",
        )["Body"]

    def sums(self) -> Sums:
        """Return the sums of all bytes, read in pieces so that memory stays flat."""
        sums, room = Sums(), memoryview(bytearray(PIECE))
        with self.stream() as stream:
            while count := stream.readinto(room):
                sums.add(room[:count])
        return sums


def _found(head: "HeadObjectOutputTypeDef") -> FoundObject:
    return FoundObject(
        version_id=head.get("VersionId", "null"),
        etag=head["ETag"],
        size=head["ContentLength"],
        content_type=head["ContentType"],
        crc32=head.get("ChecksumCRC32"),
        metadata=head["Metadata"],
    )


def _labelled(labels: Labels) -> dict[str, Any]:
    tags = {"Tagging": urlencode(labels.tags)} if labels.tags else {}
    return {"ContentType": labels.content_type, "Metadata": labels.metadata, **tags}


def _code(error: ClientError) -> str:
    return error.response["Error"]["Code"]


def _may_pass(error: ClientError | HTTPClientError) -> bool:
    """Say whether the same request may go well: no answer, an error of S3's own, or a time-out."""
    if isinstance(error, HTTPClientError):
        return True
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    return status >= SERVER_ERROR or _code(error) in {"RequestTimeout", "SlowDown", "BadDigest"}
