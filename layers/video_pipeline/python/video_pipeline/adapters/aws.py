"""AWS clients, each made once per process."""

import os
from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_sts import STSClient

# The ledger's write after the paid call is the one that must not be given up early.
PATIENT = Config(
    retries={"mode": "standard", "max_attempts": 6},
    connect_timeout=3,
    read_timeout=8,
    max_pool_connections=16,
)


@cache
def dynamodb() -> "DynamoDBClient":
    return boto3.client("dynamodb", config=PATIENT)


@cache
def s3() -> "S3Client":
    return boto3.client("s3", config=PATIENT)


@cache
def step_functions() -> "SFNClient":
    return boto3.client("stepfunctions", config=PATIENT)


@cache
def sqs() -> "SQSClient":
    return boto3.client("sqs", config=PATIENT)


@cache
def events() -> "EventBridgeClient":
    return boto3.client("events", config=PATIENT)


@cache
def secrets_manager() -> "SecretsManagerClient":
    return boto3.client("secretsmanager", config=PATIENT)


@cache
def sts() -> "STSClient":
    return boto3.client("sts", config=PATIENT)


def region() -> str:
    return os.environ["AWS_REGION"]


def endpoint_url() -> str | None:
    """Return where a local engine listens; None on AWS."""
    return os.environ.get("AWS_ENDPOINT_URL")
