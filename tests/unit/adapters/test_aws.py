"""Clients share what each would else make, and load, for itself."""

import ssl
from pathlib import Path
from typing import Any

import pytest
from botocore import httpsession

from video_pipeline.adapters import aws as clients

ROOTS = str(httpsession.get_cert_path(True))


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files of roots that are really read."""
    read: list[str] = []
    load = ssl.SSLContext.load_verify_locations

    def listen(context: ssl.SSLContext, cafile: str, *others: Any) -> None:
        read.append(cafile)
        load(context, cafile, *others)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", listen)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    for made in (clients.session, clients.tls, clients.dynamodb, clients.s3):
        made.cache_clear()
    return read


def test_all_clients_share_one_tls_context_that_trusts_nobody_unknown(loaded: list[str]) -> None:
    made: list[Any] = [clients.dynamodb(), clients.s3()]
    pools = [client._endpoint.http_session._manager for client in made]
    assert {pool.connection_pool_kw["ssl_context"] for pool in pools} == {clients.tls()}
    assert clients.tls().verify_mode is ssl.CERT_REQUIRED


def test_the_roots_are_read_with_the_first_client_and_not_again_with_a_connection(
    loaded: list[str],
) -> None:
    clients.dynamodb()
    assert loaded == [ROOTS]
    clients.tls().load_verify_locations(ROOTS, None, None)  # as urllib3 does when it connects
    assert loaded == [ROOTS]


def test_a_bundle_of_the_network_replaces_the_roots(
    loaded: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bundle = tmp_path / "ours.pem"
    bundle.write_bytes(Path(ROOTS).read_bytes())
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    clients.dynamodb()
    assert loaded == [str(bundle)]
