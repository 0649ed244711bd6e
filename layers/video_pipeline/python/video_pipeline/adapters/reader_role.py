"""The role that reads references, and signs the links that the provider fetches."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sts import STSClient
    from mypy_boto3_sts.type_defs import CredentialsTypeDef

SESSION_SECONDS = 3600  # the longest that a role may be assumed by another role
RENEW_BEFORE = timedelta(minutes=30)  # a link dies with the session that signed it


class ReaderRole:
    """Called, it returns an S3 client of the reader role whose session has long enough to live."""

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
        self._kept: S3Client | None = None
        self._renew_at = datetime.min.replace(tzinfo=UTC)

    def __call__(self) -> "S3Client":
        with self._lock:
            if self._kept is None or self._now() >= self._renew_at:
                self._kept = self._assume()
            return self._kept

    def _assume(self) -> "S3Client":
        answer = self._sts.assume_role(
            RoleArn=self._role_arn,
            RoleSessionName="video-pipeline-references",
            DurationSeconds=SESSION_SECONDS,
        )
        self._renew_at = answer["Credentials"]["Expiration"] - RENEW_BEFORE
        return _client(answer["Credentials"], self._region, self._endpoint_url)


def _client(credentials: "CredentialsTypeDef", region: str, endpoint_url: str | None) -> "S3Client":
    """Make a client whose links are signed with SigV4 for the regional endpoint.

    With any other style of address the SDK signs links for the global endpoint,
    which answers young buckets of other regions with a redirect that a signature does not survive.
    """
    import boto3  # noqa: PLC0415 - importing this module must stay free
    from botocore.config import Config  # noqa: PLC0415 - the same

    return boto3.client(
        "s3",
        region_name=region,
        endpoint_url=endpoint_url,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
        config=Config(
            signature_version="s3v4",
            s3={
                "addressing_style": "path" if endpoint_url else "virtual",
                "us_east_1_regional_endpoint": "regional",
            },
        ),
    )
