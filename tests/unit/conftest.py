"""Unit tests touch no network, no credentials and no clock of the machine."""

from collections.abc import Iterator

import boto3
import botocore.session
import pytest
from botocore.loaders import Loader
from moto import mock_aws
from pytest_socket import disable_socket

from tests.support.world import World
from video_pipeline.adapters import aws as clients


@pytest.fixture(autouse=True)
def _no_network() -> None:
    disable_socket(allow_unix_socket=True)


@pytest.fixture(scope="session")
def service_models() -> Loader:
    """What botocore knows of the services, read once: most of a test's time would go into it."""
    loader: Loader = botocore.session.get_session().get_component("data_loader")
    return loader


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, service_models: Loader) -> Iterator[None]:
    """An AWS of moto's, with credentials that open nothing else."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    for name in ("AWS_PROFILE", "AWS_CA_BUNDLE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        session = botocore.session.get_session()
        session.register_component("data_loader", service_models)
        boto3.setup_default_session(botocore_session=session)
        monkeypatch.setattr(clients, "session", lambda: session)
        yield


@pytest.fixture
def world(aws: None) -> World:
    return World()
