from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from local_stack.environment import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient

CONFIG = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 2})


@dataclass(frozen=True)
class Clients:
    """AWS clients that can reach one endpoint only, whatever the caller has set up."""

    endpoint: str
    region: str = REGION
    access_key_id: str = ACCESS_KEY_ID
    secret_access_key: str = SECRET_ACCESS_KEY

    def cloudformation(self) -> "CloudFormationClient":
        return self.session().client("cloudformation", endpoint_url=self.endpoint, config=CONFIG)

    def dynamodb(self) -> "DynamoDBClient":
        return self.session().client("dynamodb", endpoint_url=self.endpoint, config=CONFIG)

    def events(self) -> "EventBridgeClient":
        return self.session().client("events", endpoint_url=self.endpoint, config=CONFIG)

    def functions(self, longest_call: int = 60) -> "LambdaClient":
        """Return a client that calls once and waits so many seconds for the answer."""
        once = CONFIG.merge(Config(read_timeout=longest_call, retries={"total_max_attempts": 1}))
        return self.session().client("lambda", endpoint_url=self.endpoint, config=once)

    def s3(self) -> "S3Client":
        return self.session().client("s3", endpoint_url=self.endpoint, config=CONFIG)

    def secrets(self) -> "SecretsManagerClient":
        return self.session().client("secretsmanager", endpoint_url=self.endpoint, config=CONFIG)

    def sqs(self) -> "SQSClient":
        return self.session().client("sqs", endpoint_url=self.endpoint, config=CONFIG)

    def states(self) -> "SFNClient":
        return self.session().client("stepfunctions", endpoint_url=self.endpoint, config=CONFIG)

    def of(self, service: str) -> Any:  # noqa: ANN401 - a client of whatever was named
        session: Any = self.session()
        return session.client(service, endpoint_url=self.endpoint, config=CONFIG)

    def session(self) -> boto3.Session:
        return boto3.Session(
            aws_access_key_id=self.access_key_id,
            aws_secret_access_key=self.secret_access_key,
            region_name=self.region,
        )
