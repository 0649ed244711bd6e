"""The reader role: assumed once for a while, signing links that live their hour."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.stub import Stubber

from video_pipeline.adapters.reader_role import ReaderRole

ROLE = "arn:aws:iam::123456789012:role/reader"


class Counted:
    """An STS that counts; its sessions end an hour after `now`."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.asked: list[dict[str, object]] = []

    def assume_role(self, **asked: object) -> dict[str, object]:
        self.asked.append(asked)
        number = len(self.asked)
        credentials = {
            "AccessKeyId": f"key-{number}",
            "SecretAccessKey": "secret",
            "SessionToken": "token",
            "Expiration": self.now + timedelta(hours=1),
        }
        return {"Credentials": credentials}


@pytest.fixture
def sts(aws: None) -> Counted:
    return Counted(datetime(2026, 11, 24, tzinfo=UTC))


def role(sts: Counted, endpoint_url: str | None = None, region: str = "eu-west-1") -> ReaderRole:
    return ReaderRole(
        sts,  # type: ignore[arg-type]  # the one method that is used
        ROLE,
        region,
        endpoint_url=endpoint_url,
        now=lambda: sts.now,
    )


def link(reader: ReaderRole, bucket: str = "brand") -> str:
    return reader(bucket).generate_presigned_url(
        "get_object", Params={"Bucket": bucket, "Key": "a b/ü.png"}, ExpiresIn=3600
    )


def test_the_role_is_assumed_for_an_hour_by_its_name(sts: Counted) -> None:
    role(sts)("brand")
    (asked,) = sts.asked
    assert (asked["RoleArn"], asked["DurationSeconds"]) == (ROLE, 3600)


def test_a_client_is_kept_while_its_session_has_long_enough_to_live(sts: Counted) -> None:
    reader = role(sts)
    first = reader("brand")
    sts.now += timedelta(minutes=29)
    assert reader("brand") is first
    sts.now += timedelta(minutes=1)
    assert reader("brand") is not first
    assert len(sts.asked) == 2


@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1"])
def test_a_link_is_signed_with_sigv4_for_the_regional_endpoint(sts: Counted, region: str) -> None:
    parts = urlsplit(link(role(sts, region=region)))
    query = parse_qs(parts.query)
    assert parts.netloc == f"brand.s3.{region}.amazonaws.com"
    assert parts.path == "/a%20b/%C3%BC.png"
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == ["3600"]
    assert query["X-Amz-Credential"][0].startswith("key-1/")
    assert query["X-Amz-Credential"][0].endswith(f"/{region}/s3/aws4_request")


def test_a_link_is_signed_for_the_region_of_its_bucket(sts: Counted) -> None:
    boto3.client("s3", region_name="us-west-2").create_bucket(
        Bucket="brand", CreateBucketConfiguration={"LocationConstraint": "us-west-2"}
    )
    parts = urlsplit(link(role(sts)))
    assert parts.netloc == "brand.s3.us-west-2.amazonaws.com"
    assert "/us-west-2/s3/" in parse_qs(parts.query)["X-Amz-Credential"][0]


def test_a_bucket_is_asked_once_where_it_lies(sts: Counted) -> None:
    boto3.client("s3").create_bucket(Bucket="brand")
    reader = role(sts, region="us-east-1")
    heads: list[object] = []
    reader("brand").meta.events.register(
        "before-send.s3.HeadBucket", lambda **_: heads.append("asked")
    )
    for _ in range(3):
        link(reader)
    assert heads == []


def test_even_a_refusal_tells_where_a_bucket_lies(sts: Counted) -> None:
    reader = role(sts)
    with Stubber(reader("none")) as stub:
        stub.add_client_error(
            "head_bucket",
            "403",
            http_status_code=403,
            response_meta={"HTTPHeaders": {"x-amz-bucket-region": "ap-south-1"}},
        )
        assert urlsplit(link(reader)).netloc == "brand.s3.ap-south-1.amazonaws.com"


def test_a_bucket_with_dots_is_addressed_by_path_so_that_its_certificate_fits(
    sts: Counted,
) -> None:
    assert urlsplit(link(role(sts), "brand.example.com")).netloc == "s3.eu-west-1.amazonaws.com"


def test_a_local_endpoint_is_addressed_by_path(sts: Counted) -> None:
    parts = urlsplit(link(role(sts, "http://127.0.0.1:4566")))
    assert (parts.netloc, parts.path) == ("127.0.0.1:4566", "/brand/a%20b/%C3%BC.png")


def test_a_real_answer_of_sts_is_understood(aws: None) -> None:
    boto3.client("s3").create_bucket(Bucket="brand")
    assert (
        ReaderRole(boto3.client("sts"), ROLE, "us-east-1")("brand").list_buckets()["Buckets"] != []
    )
