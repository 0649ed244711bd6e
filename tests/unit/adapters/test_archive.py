"""The archive: a video goes in as one stream or not at all, and is found and read again."""

import hashlib
import zlib
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import HTTPClientError
from mypy_boto3_s3 import S3Client

from tests.support.world import VIDEO
from video_pipeline.adapters.archive import MOST_PUTS, S3Archive
from video_pipeline.domain.errors import FetchFailedError, KeyTakenError, SourceLostError
from video_pipeline.domain.media import VideoFacts
from video_pipeline.ports import FoundObject, Labels, StoredObject, Stream

BUCKET, KEY = "archive", "videos/spring/promo/fruit-tea/video.mp4"
LABELS = Labels("video/mp4", {"job": "job-1"})
LARGE = bytes(range(256)) * 9_000


class Broken(BytesIO):
    """A stream that breaks off for good after its content."""

    def readinto(self, room: Any, /) -> int:
        count = super().readinto(room)
        if not count:
            raise FetchFailedError("the source broke off")
        return count


@dataclass
class Given:
    """A video out of memory; each opening is counted."""

    content: bytes
    size: int = -1
    stream_type: type[BytesIO] = BytesIO
    opened: int = 0
    content_type: str = "video/mp4"
    facts: VideoFacts = field(default=VideoFacts(1.0, 64, 64, "h264", None, 24.0))
    poster: bytes = b""

    def __post_init__(self) -> None:
        self.size = len(self.content) if self.size < 0 else self.size

    @contextmanager
    def stream(self) -> Iterator[Stream]:
        self.opened += 1
        yield self.stream_type(self.content)


@pytest.fixture
def s3(aws: None) -> S3Client:
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    return client


@pytest.fixture
def streaming(aws: None) -> S3Client:
    return boto3.client("s3", config=Config(retries={"total_max_attempts": 1}))


@pytest.fixture
def archive(s3: S3Client, streaming: S3Client) -> S3Archive:
    return S3Archive(s3, streaming, BUCKET, "STANDARD_IA")


def headers_of(request: Any) -> dict[str, str]:
    pairs = request.headers.items()
    return {k.lower(): v if isinstance(v, str) else v.decode() for k, v in pairs}


@pytest.fixture
def sent(streaming: S3Client, archive: S3Archive) -> list[dict[str, str]]:
    """Every streamed PutObject as it goes out: headers after all of the SDK's own additions."""
    requests: list[dict[str, str]] = []

    def keep(request: Any, **_: object) -> None:
        requests.append(headers_of(request))

    streaming.meta.events.register("before-send.s3.PutObject", keep)
    return requests


def copy(archive: S3Archive, video: Given, over: FoundObject | None = None) -> StoredObject:
    return archive.copy(KEY, video, LABELS, over)


def body(s3: S3Client, version_id: str) -> bytes:
    return s3.get_object(Bucket=BUCKET, Key=KEY, VersionId=version_id)["Body"].read()


def count(s3: S3Client) -> int:
    return len(s3.list_object_versions(Bucket=BUCKET).get("Versions", []))


def failing(streaming: S3Client, *failures: tuple[int, str] | Exception) -> list[str]:
    """Let the next PutObjects come back so, their bodies read to the end."""
    left, seen = list(failures), []

    def answer(params: dict[str, Any], **_: object) -> Any:
        if not left:
            return None
        seen.append(params["url"])
        while params["body"].read():
            pass
        failure = left.pop(0)
        if isinstance(failure, Exception):
            raise failure
        status, code = failure
        told = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
        return SimpleNamespace(status_code=status), told

    streaming.meta.events.register("before-call.s3.PutObject", answer)
    return seen


def test_a_video_is_copied_with_both_sums(archive: S3Archive, s3: S3Client) -> None:
    stored = copy(archive, Given(LARGE))
    assert body(s3, stored.version_id) == LARGE
    assert stored.size == len(LARGE)
    assert stored.sha256 == hashlib.sha256(LARGE).hexdigest()
    assert stored.crc32 == b64encode(zlib.crc32(LARGE).to_bytes(4, "big")).decode()


def test_the_body_goes_out_in_one_stream_of_known_length_with_its_sum_at_the_end(
    archive: S3Archive, sent: list[dict[str, str]]
) -> None:
    copy(archive, Given(LARGE))
    (headers,) = sent
    assert "transfer-encoding" not in headers
    assert headers["x-amz-decoded-content-length"] == str(len(LARGE))
    assert headers["content-encoding"] == "aws-chunked"
    assert headers["x-amz-trailer"] == "x-amz-checksum-crc32"
    assert headers["x-amz-content-sha256"] == "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    assert headers["if-none-match"] == "*"
    assert headers["x-amz-storage-class"] == "STANDARD_IA"
    assert "x-amz-server-side-encryption" not in headers


def test_a_local_engine_over_plain_http_gets_the_very_same_request(aws: None) -> None:
    requests: list[dict[str, str]] = []

    def keep(request: Any, **_: object) -> None:
        requests.append(headers_of(request))
        raise ConnectionResetError

    local = boto3.client(
        "s3",
        endpoint_url="http://127.0.0.1:1",
        config=Config(retries={"total_max_attempts": 1}),
    )
    archive = S3Archive(local, local, BUCKET, "STANDARD")
    local.meta.events.register("before-send.s3.PutObject", keep)
    with pytest.raises(ConnectionResetError):
        copy(archive, Given(LARGE))
    assert requests[0]["x-amz-content-sha256"] == "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    assert int(requests[0]["content-length"]) > len(LARGE)


@pytest.mark.parametrize(
    "video",
    [Given(LARGE, len(LARGE) + 1), Given(LARGE, len(LARGE) - 1), Given(b"", 1)],
    ids=["too short", "too long", "empty"],
)
def test_a_body_of_another_length_than_told_never_appears(
    archive: S3Archive, s3: S3Client, video: Given
) -> None:
    with pytest.raises(SourceLostError):
        copy(archive, video)
    assert count(s3) == 0
    assert video.opened == 1


def test_what_the_source_raised_is_raised_and_nothing_appears(
    archive: S3Archive, s3: S3Client
) -> None:
    with pytest.raises(FetchFailedError, match="broke off"):
        copy(archive, Given(LARGE, len(LARGE) + 1, Broken))
    assert count(s3) == 0


@pytest.mark.parametrize(
    "failure",
    [(503, "SlowDown"), (500, "InternalError"), (400, "RequestTimeout"), (400, "BadDigest")],
)
def test_a_put_that_s3_did_not_take_is_begun_anew(
    archive: S3Archive, streaming: S3Client, s3: S3Client, failure: tuple[int, str]
) -> None:
    video, failed = Given(LARGE), failing(streaming, failure)
    assert body(s3, copy(archive, video).version_id) == LARGE
    assert (len(failed), video.opened) == (1, 2)


def test_a_put_without_an_answer_is_begun_anew_but_not_for_ever(
    archive: S3Archive, streaming: S3Client
) -> None:
    video = Given(LARGE)
    failed = failing(streaming, *[HTTPClientError(error="reset")] * 9)
    with pytest.raises(HTTPClientError):
        copy(archive, video)
    assert len(failed) == video.opened == MOST_PUTS


def test_a_refusal_is_not_repeated(archive: S3Archive, streaming: S3Client) -> None:
    video = Given(LARGE)
    failing(streaming, *[(403, "AccessDenied")] * 9)
    with pytest.raises(streaming.exceptions.ClientError, match="AccessDenied"):
        copy(archive, video)
    assert video.opened == 1


def test_an_object_that_came_first_is_not_written_over(archive: S3Archive, s3: S3Client) -> None:
    copy(archive, Given(LARGE))
    with pytest.raises(KeyTakenError):
        copy(archive, Given(VIDEO))
    assert count(s3) == 1


def test_what_was_found_is_written_over_with_a_new_version(
    archive: S3Archive, s3: S3Client
) -> None:
    first = copy(archive, Given(LARGE))
    found = archive.find(KEY)
    second = copy(archive, Given(VIDEO), found)
    assert body(s3, first.version_id) == LARGE
    assert body(s3, second.version_id) == VIDEO
    with pytest.raises(KeyTakenError):
        copy(archive, Given(LARGE), found)


def test_a_stored_video_is_found_and_read_again(archive: S3Archive) -> None:
    stored = copy(archive, Given(VIDEO))
    found = archive.find(KEY)
    assert found is not None
    assert (found.version_id, found.crc32) == (stored.version_id, stored.crc32)
    assert found.metadata == {"job": "job-1"}
    again = archive.reread(KEY, found)
    assert again is not None
    assert again[1] == stored
    assert (again[0].facts.width, again[0].size) == (64, len(VIDEO))
    assert again[0].poster.startswith(b"\xff\xd8")


def test_what_is_stored_without_a_sum_of_s3_s_own_is_not_taken_for_the_video(
    archive: S3Archive, s3: S3Client
) -> None:
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=VIDEO, ChecksumAlgorithm="SHA256")
    found = archive.find(KEY)
    assert found is not None
    assert archive.reread(KEY, found) is None


def test_what_is_stored_and_no_video_is_not_taken_for_one(archive: S3Archive) -> None:
    copy(archive, Given(LARGE))
    found = archive.find(KEY)
    assert found is not None
    assert archive.reread(KEY, found) is None


def test_a_small_object_is_put_from_memory_with_its_sum(archive: S3Archive, s3: S3Client) -> None:
    stored = archive.put(KEY, b"{}", Labels("application/json", {"job": "j"}, {"a b": "c/d=1"}))
    answer = s3.get_object(Bucket=BUCKET, Key=KEY)
    assert answer["Body"].read() == b"{}"
    assert (answer["ContentType"], answer["Metadata"]) == ("application/json", {"job": "j"})
    assert stored.sha256 == hashlib.sha256(b"{}").hexdigest()
    tags = s3.get_object_tagging(Bucket=BUCKET, Key=KEY)["TagSet"]
    assert tags == [{"Key": "a b", "Value": "c/d=1"}]


def test_nothing_is_found_where_nothing_lies(archive: S3Archive) -> None:
    assert archive.find("videos/none.mp4") is None


def test_a_bucket_that_is_not_there_is_an_error_and_not_an_absence(
    s3: S3Client, streaming: S3Client
) -> None:
    with pytest.raises(s3.exceptions.ClientError):
        S3Archive(s3, streaming, "no-such-bucket", "STANDARD").put(KEY, b"x", LABELS)
