"""These tests meet real sockets, on the loopback interface alone."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from pytest_socket import enable_socket, socket_allow_hosts

from tests.edges.servers import Behaviour, Certificate, Loopback

Serve = Callable[..., Loopback]


@pytest.fixture(autouse=True)
def _loopback_alone() -> None:
    enable_socket()
    socket_allow_hosts(["127.0.0.1", "127.0.0.2", "::1"])


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    folder = tmp_path_factory.mktemp("tls")
    return Certificate.made_for("127.0.0.1", "media.example", folder=folder)


@pytest.fixture
def serve(certificate: Certificate) -> Iterator[Serve]:
    """Start servers that end with the test."""
    with ExitStack() as stack:

        def start(behaviour: Behaviour, *, tls: bool = False) -> Loopback:
            server = Loopback(behaviour, certificate.server_side() if tls else None)
            stack.callback(server.close)
            return server

        yield start
