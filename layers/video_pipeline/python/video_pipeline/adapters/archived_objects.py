"""Whether something still lies in the archive, for those who never read it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

NOT_THERE = frozenset({"404", "NoSuchKey"})


class S3ArchivedObjects:
    """The archived objects port over the archive bucket."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def has(self, key: str) -> bool:
        try:
            self._client.head_object(Bucket=self._bucket, Key=key)
        except self._client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in NOT_THERE:
                return False
            raise
        return True
