"""These tests drive the real emulator over HTTP, on the loopback interface alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_socket import enable_socket, socket_allow_hosts

from tests.emulator.harness import KEY, Neighbour, Running, neighbour, running_emulator

SPEED = "4000"


@pytest.fixture(autouse=True)
def _loopback_alone() -> None:
    enable_socket()
    socket_allow_hosts(["127.0.0.1", "::1"])


@pytest.fixture(scope="session")
def _one_neighbour() -> Iterator[Neighbour]:
    enable_socket()
    with neighbour() as here:
        yield here


@pytest.fixture
def beside(_one_neighbour: Neighbour) -> Iterator[Neighbour]:
    """A server next door, on whose shelf each test puts what it needs."""
    yield _one_neighbour
    _one_neighbour.shelf.clear()
    _one_neighbour.received.clear()
    _one_neighbour.statuses.clear()
    _one_neighbour.delay = 0


@pytest.fixture(scope="session")
def _one_emulator(_one_neighbour: Neighbour) -> Iterator[Running]:
    with running_emulator(
        *("--clock-speed", SPEED, "--rendering", "clip", "--callback-waits", "0.1", "0.2", "0.4"),
        *("--api-key", KEY, "--api-key", "sk-stranger,account=other"),
        *("--api-key", "sk-small,limit=20", "--api-key", "sk-daily,daily=20"),
        *("--api-key", "sk-off,state=disabled", "--api-key", "sk-old,state=expired"),
        *("--api-key", "sk-narrow,state=model_not_allowed"),
        *("--api-key", "sk-poor,account=poor", "--balance", "100000"),
        *("--allow-local-host", _one_neighbour.url),
        *("--allow-local-host", f"http://hooks.localhost:{_one_neighbour.port}"),
    ) as emulator:
        emulator.finished()
        yield emulator


@pytest.fixture
def emulator(_one_emulator: Running) -> Iterator[Running]:
    """The shared emulator, with its switches as at the start and no fault armed."""
    before = _one_emulator.get("/_emulator/settings").json()
    before.pop("balances")
    yield _one_emulator
    _one_emulator.switch(**before, balance=100_000)
    _one_emulator.request("DELETE", "/_emulator/faults")
    _one_emulator.request("POST", "/_emulator/clock", json={"speed": float(SPEED)})


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")
