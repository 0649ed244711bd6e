"""AWS clients, each made once per process; botocore's own, because boto3 adds nothing used here."""

import encodings.idna  # noqa: F401 - every first connection loads it
import os
from collections.abc import Callable
from functools import cache
from ssl import SSLContext
from typing import TYPE_CHECKING, cast

from botocore import httpsession
from botocore.client import BaseClient
from botocore.config import Config
from botocore.credentials import CredentialResolver, EnvProvider
from botocore.session import Session

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
# For bodies that cannot be sent a second time; S3 may take long to answer a large one.
ONCE = Config(retries={"total_max_attempts": 1}, connect_timeout=3, read_timeout=60)


@cache
def tls(make: Callable[[], SSLContext] = httpsession.create_urllib3_context) -> SSLContext:
    """Return the one TLS context, which loads a file of roots once.

    Else every client would make its own, and load the file for each of its connections.
    """
    context = make()
    context.load_verify_locations = cache(context.load_verify_locations)  # type: ignore[assignment, method-assign]
    return context


httpsession.create_urllib3_context = tls


@cache
def session() -> Session:
    """Return the one session: what it has read of regions and services, all clients share.

    Lambda hands credentials over in the environment; other places are not made ready to be asked.
    """
    shared = Session()
    shared.register_component("credential_provider", CredentialResolver([EnvProvider()]))
    roots = httpsession.get_cert_path(shared.get_config_variable("ca_bundle") or True)
    tls().load_verify_locations(roots, None, None)  # as urllib3 asks for them
    return shared


@cache
def dynamodb() -> "DynamoDBClient":
    return cast("DynamoDBClient", _client("dynamodb"))


@cache
def s3() -> "S3Client":
    return cast("S3Client", _client("s3"))


@cache
def s3_once() -> "S3Client":
    return cast("S3Client", _client("s3", ONCE))


@cache
def step_functions() -> "SFNClient":
    return cast("SFNClient", _client("stepfunctions"))


@cache
def sqs() -> "SQSClient":
    return cast("SQSClient", _client("sqs"))


@cache
def events() -> "EventBridgeClient":
    return cast("EventBridgeClient", _client("events"))


@cache
def secrets_manager() -> "SecretsManagerClient":
    return cast("SecretsManagerClient", _client("secretsmanager"))


@cache
def sts() -> "STSClient":
    return cast("STSClient", _client("sts"))


def _client(service: str, config: Config = PATIENT) -> BaseClient:
    return session().create_client(service, region_name=region(), config=config)


def region() -> str:
    return os.environ["AWS_REGION"]


def endpoint_url() -> str | None:
    """Return where a local engine listens; None on AWS."""
    return os.environ.get("AWS_ENDPOINT_URL")
