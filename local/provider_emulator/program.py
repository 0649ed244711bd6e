import asyncio
import contextlib
import json
import logging
import signal
import socket
from collections.abc import Iterator

import uvicorn

from provider_emulator.app import build_app
from provider_emulator.connection import CuttableProtocol
from provider_emulator.emulator import Emulator
from provider_emulator.options import parse_options

GRACE_SECONDS = 1
BACKLOG = 1024


class Server(uvicorn.Server):
    """Says where it listens once it does, and leaves signals to the program."""

    def __init__(self, config: uvicorn.Config, greeting: str) -> None:
        super().__init__(config)
        self._greeting = greeting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        with contextlib.suppress(OSError):
            print(self._greeting, flush=True)

    def end(self) -> None:
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def run() -> None:
    logging.raiseExceptions = False  # whoever started us may have closed the output
    chosen, start = parse_options()
    listener = _listen(chosen.host, chosen.port)
    host, port = listener.getsockname()[:2]
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    asyncio.run(_serve(Emulator(start), listener, url))


async def _serve(emulator: Emulator, listener: socket.socket, url: str) -> None:
    emulator.results_url = emulator.results_url or url
    config = uvicorn.Config(
        build_app(emulator),
        http=CuttableProtocol,
        ws="none",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    greeting = json.dumps({"url": url, "api_keys": list(emulator.accounts.keys)})
    server = Server(config, greeting)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.end)
    await server.serve(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Naming TCP makes asyncio send small answers at once; without it each waits 40 ms for an ACK.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(BACKLOG)
    return listener
