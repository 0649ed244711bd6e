import asyncio
import socket
import struct
from typing import Any

from fastapi import Request
from uvicorn.protocols.http.h11_impl import H11Protocol

RESET_AT_ONCE = struct.pack("ii", 1, 0)


class CuttableProtocol(H11Protocol):
    """An HTTP connection that a fault can cut."""

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - as the base class has it
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


async def cut(request: Request) -> None:
    """Reset the client's connection, so that it sees neither an answer nor a clean end."""
    transport: asyncio.Transport = request.state.transport
    raw: socket.socket = transport.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
    transport.abort()
    await asyncio.sleep(0.01)
