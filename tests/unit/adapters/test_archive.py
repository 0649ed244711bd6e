"""The archive: what is put is checked by S3 and found again."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import boto3
import pytest
from mypy_boto3_s3 import S3Client

from video_pipeline.adapters.archive import S3Archive

BUCKET, KEY = "archive", "videos/spring/promo/fruit-tea/video.mp4"
VIDEO = bytes(range(256)) * 9_000


@pytest.fixture
def s3(aws: None) -> S3Client:
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    return client


@pytest.fixture
def sent(s3: S3Client) -> list[dict[str, Any]]:
    """Every PutObject as it went out: headers after all of the SDK's own additions."""
    requests: list[dict[str, Any]] = []

    def keep(request: Any, **_: object) -> None:
        requests.append({name.lower(): value for name, value in request.headers.items()})

    s3.meta.events.register("before-send.s3.PutObject", keep)
    return requests


def put(s3: S3Client, source: Path | bytes, **metadata: str) -> object:
    return S3Archive(s3, BUCKET).put(KEY, source, content_type="video/mp4", metadata=metadata)


def test_what_is_put_from_a_file_is_found_with_its_sum(s3: S3Client, tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    path.write_bytes(VIDEO)
    stored = put(s3, path, job="job-1")
    found = S3Archive(s3, BUCKET).find(KEY)
    assert found is not None
    assert found[0] == stored
    assert found[0].sha256 == hashlib.sha256(VIDEO).hexdigest()
    assert found[0].size == len(VIDEO)
    assert found[1] == {"job": "job-1", "sha256": found[0].sha256}


def test_a_small_object_is_put_from_memory(s3: S3Client) -> None:
    put(s3, b"{}")
    answer = s3.get_object(Bucket=BUCKET, Key=KEY)
    assert answer["Body"].read() == b"{}"
    assert answer["ContentType"] == "video/mp4"


def test_s3_itself_is_given_length_and_sum_to_check(
    s3: S3Client, sent: list[dict[str, Any]]
) -> None:
    put(s3, VIDEO)
    (headers,) = sent
    digest = base64.b64encode(hashlib.sha256(VIDEO).digest())
    assert headers["x-amz-checksum-sha256"] in {digest, digest.decode()}
    assert int(headers["content-length"]) == len(VIDEO)
    assert "x-amz-server-side-encryption" not in headers


def test_a_second_put_is_a_new_version_and_the_one_found(s3: S3Client) -> None:
    first, second = put(s3, b"one"), put(s3, b"two")
    found = S3Archive(s3, BUCKET).find(KEY)
    assert found is not None
    assert found[0] == second != first


def test_nothing_is_found_where_nothing_lies(s3: S3Client) -> None:
    assert S3Archive(s3, BUCKET).find("videos/none.mp4") is None


def test_an_object_of_another_hand_is_found_without_a_sum(s3: S3Client) -> None:
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"foreign")
    found = S3Archive(s3, BUCKET).find(KEY)
    assert found is not None
    assert (found[0].sha256, found[1]) == ("", {})


def test_a_bucket_that_is_not_there_is_an_error_and_not_an_absence(s3: S3Client) -> None:
    with pytest.raises(s3.exceptions.ClientError):
        S3Archive(s3, "no-such-bucket").put(KEY, b"x", content_type="video/mp4", metadata={})
