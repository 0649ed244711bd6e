"""The role that reads references, and signs the links that the provider fetches."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sts import STSClient
    from mypy_boto3_sts.type_defs import CredentialsTypeDef

SESSION_SECONDS = 3600  # the longest that a role may be assumed by another role
ANSWER_SECONDS = 10  # a look must leave time for the paid call
RENEW_BEFORE = timedelta(minutes=30)  # a link dies with the session that signed it


class ReaderRole:
    """Called with a bucket, it returns a client of the role in that bucket's own region.

    A link that is signed for another region than its bucket's is worth nothing:
    the SDK finds the right host for it, but not the right signature.
    """

    def __init__(
        self,
        sts: "STSClient",
        role_arn: str,
        region: str,
        *,
        endpoint_url: str | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._sts = sts
        self._role_arn = role_arn
        self._region = region
        self._endpoint_url = endpoint_url
        self._now = now
        self._lock = threading.Lock()
        self._renew_at = datetime.min.replace(tzinfo=UTC)
        self._clients: dict[str, S3Client] = {}
        self._regions: dict[str, str] = {}

    def __call__(self, bucket: str) -> "S3Client":
        with self._lock:
            if self._now() >= self._renew_at:
                self._assume()
            home = self._client_in(self._region)
            return self._client_in(self._region_of(bucket, home))

    def _assume(self) -> None:
        answer = self._sts.assume_role(
            RoleArn=self._role_arn,
            RoleSessionName="video-pipeline-references",
            DurationSeconds=SESSION_SECONDS,
        )
        self._credentials = answer["Credentials"]
        self._renew_at = self._credentials["Expiration"] - RENEW_BEFORE
        self._clients = {}

    def _client_in(self, region: str) -> "S3Client":
        if region not in self._clients:
            self._clients[region] = _client(self._credentials, region, self._endpoint_url)
        return self._clients[region]

    def _region_of(self, bucket: str, home: "S3Client") -> str:
        """Ask S3 once where a bucket lies; even a refusal tells it."""
        if self._endpoint_url is not None:
            return self._region
        if bucket not in self._regions:
            told = _told_region(home, bucket)
            if told is None:
                return self._region
            self._regions[bucket] = told
        return self._regions[bucket]


def _told_region(home: "S3Client", bucket: str) -> str | None:
    try:
        return home.head_bucket(Bucket=bucket).get("BucketRegion")
    except home.exceptions.ClientError as error:
        return error.response["ResponseMetadata"]["HTTPHeaders"].get("x-amz-bucket-region")


def _client(credentials: "CredentialsTypeDef", region: str, endpoint_url: str | None) -> "S3Client":
    """Make a client whose links are signed with SigV4 for the regional endpoint.

    With any other style of address the SDK signs links for the global endpoint,
    which answers young buckets of other regions with a redirect that a signature does not survive.
    """
    from botocore.config import Config  # noqa: PLC0415 - importing this module must stay free

    from video_pipeline.adapters import aws  # noqa: PLC0415 - the same

    client = aws.session().create_client(
        "s3",
        region_name=region,
        endpoint_url=endpoint_url,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
        config=Config(
            signature_version="s3v4",
            connect_timeout=ANSWER_SECONDS,
            read_timeout=ANSWER_SECONDS,
            retries={"total_max_attempts": 2},
            s3={
                "addressing_style": "path" if endpoint_url else "virtual",
                "us_east_1_regional_endpoint": "regional",
            },
        ),
    )
    return cast("S3Client", client)
