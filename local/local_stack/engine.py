import json
import random
import socket
import urllib.request
from contextlib import suppress

from local_stack.environment import scrubbed
from local_stack.errors import LocalStackError
from local_stack.places import ENGINE_PYTHON, StackFolder
from local_stack.processes import start, wait_until

LOOPBACK = "127.0.0.1"
PORTS = range(20_000, 30_000)


def start_engine(folder: StackFolder, port: int) -> str:
    """Start MiniStack on loopback, permissions on, and return its endpoint when it answers."""
    port = port or free_port()
    endpoint = f"http://{LOOPBACK}:{port}"
    env = scrubbed(
        folder,
        str(ENGINE_PYTHON.parent),
        AUTH="true",
        BIND_HOST=LOOPBACK,
        GATEWAY_PORT=str(port),
        MINISTACK_HOST=LOOPBACK,
        AWS_ENDPOINT_URL=endpoint,
        IOT_MTLS_ENABLED="0",
        SFTP_ENABLED="0",
    )
    process = start(folder, "engine", [str(ENGINE_PYTHON), "-m", "ministack"], env)
    health = f"{endpoint}/_ministack/health"
    wait_until(lambda: answers(health), process, "The engine", folder.log("engine"))
    return endpoint


def free_port() -> int:
    """Pick a port below those that the system hands out, so that no connection takes it first."""
    for port in random.sample(PORTS, len(PORTS)):
        with suppress(LocalStackError):
            return port
    raise LocalStackError(f"No port from {PORTS.start} to {PORTS.stop - 1} is free.")


def refuse_taken(*ports: int) -> None:
    """Refuse ports that are in use; 0 stands for any free one."""
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError as error:
                raise LocalStackError(
                    f"Port {port} of {LOOPBACK} cannot be used ({error.strerror}). "
                    "Choose another, or 0 for any free one."
                ) from error


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own loopback URL
            json.load(answer)
    except (OSError, ValueError):
        return False
    return True
