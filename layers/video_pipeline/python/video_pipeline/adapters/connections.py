"""One HTTP exchange on one fresh connection, under one limit of time.

Connecting and asking are two steps on purpose:
whatever fails in the first provably sent nothing, whatever fails in the second may have.
"""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Self, TypeVar

from video_pipeline.adapters.addresses import WebAddress

USER_AGENT = "video-pipeline/0.1"  # a library's own name is turned away by some result hosts
Found = TypeVar("Found")


class NotConnectedError(Exception):
    """DNS, connect or TLS failed; not one byte of a request was sent."""


class NoAnswerError(Exception):
    """A request was sent, in part at least, and no whole answer came back."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class TimeLimit:
    """Ends an exchange when its time is over, in whatever step it hangs.

    A socket's own timeout starts anew with every byte, so a slow drip outlives it;
    shutting the socket down from beside ends every kind of waiting.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._ends = time.monotonic() + seconds
        self._guarded: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        self._release()

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._ends

    def left(self) -> float:
        """Return the seconds left; raises TimeoutError when there are none."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError(self.sentence)
        return left

    @property
    def sentence(self) -> str:
        return f"took longer than {self.seconds:g} s"

    def guard(self, connected: socket.socket) -> None:
        """Watch over a socket; the duplicate outlives its wrapping into TLS."""
        self._release()
        self._guarded = connected.dup()
        if self.is_over:
            self._cut()

    def run(self, work: Callable[[], Found]) -> Found:
        """Run what knows no timeout, such as a name look-up, on a thread that may be left behind.

        Raises TimeoutError when it does not end in time.
        """
        outcome: Future[Found] = Future()
        threading.Thread(target=_settle, args=(outcome, work), daemon=True).start()
        return outcome.result(timeout=self.left())

    def _cut(self) -> None:
        if self._guarded is not None:
            with contextlib.suppress(OSError):
                self._guarded.shutdown(socket.SHUT_RDWR)

    def _release(self) -> None:
        if self._guarded is not None:
            self._guarded.close()
            self._guarded = None


@dataclass(frozen=True, slots=True)
class Call:
    """One request; its headers may hold a key, so its text shows none of them."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes | None = None

    def __repr__(self) -> str:
        return f"Call({self.method} {self.target.partition('?')[0]})"


@cache
def trusted_roots() -> ssl.SSLContext:
    """Return the one TLS context of this process; loading the certificates is what costs."""
    return ssl.create_default_context()


def connect(
    to: WebAddress,
    addresses: Sequence[str],
    limit: TimeLimit,
    roots: Callable[[], ssl.SSLContext] = trusted_roots,
) -> http.client.HTTPConnection:
    """Connect to the first of some numeric addresses that answers; raises NotConnectedError."""
    connection = http.client.HTTPConnection(to.host, to.port)
    connection.auto_open = 0
    try:
        connection.sock = _dial(addresses, to.port, limit)
        limit.guard(connection.sock)
        if to.scheme == "https":
            connection.sock = roots().wrap_socket(connection.sock, server_hostname=to.host)
    except (OSError, ValueError) as error:
        connection.close()
        raise NotConnectedError(_sentence(error, limit)) from error
    return connection


def ask(
    connection: http.client.HTTPConnection, call: Call, limit: TimeLimit
) -> http.client.HTTPResponse:
    """Send a call and return its answer, body unread; raises NoAnswerError."""
    with _heard(limit):
        connection.request(call.method, call.target, call.body, dict(call.headers))
        return connection.getresponse()


def pieces(response: http.client.HTTPResponse, limit: TimeLimit, size: int) -> Iterator[bytes]:
    """Yield a body in pieces; raises NoAnswerError when it ends before its announced length."""
    room = memoryview(bytearray(size))
    while count := read_into(room, response, limit):
        yield bytes(room[:count])


def read_into(room: memoryview, response: http.client.HTTPResponse, limit: TimeLimit) -> int:
    """Fill a room with what comes next of a body, 0 bytes at its end; raises as `pieces` does."""
    with _heard(limit, response.status):
        count = response.readinto(room)
        if not count:
            _check_whole(response, limit)
    return count


def _dial(addresses: Sequence[str], port: int, limit: TimeLimit) -> socket.socket:
    """Try each address with its share of the time, so that a dead one leaves some to the next."""
    failure: OSError = OSError("the host has no address")
    for untried, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
        try:
            dialled = socket.create_connection((address, port), timeout=limit.left() / untried)
        except OSError as error:
            failure = error
        else:
            dialled.settimeout(limit.left())
            dialled.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return dialled
    raise failure


@contextlib.contextmanager
def _heard(limit: TimeLimit, status: int | None = None) -> Iterator[None]:
    """Turn whatever goes wrong after the request began into one error."""
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswerError(_sentence(error, limit), status) from error


def _check_whole(response: http.client.HTTPResponse, limit: TimeLimit) -> None:
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    ends_by_closing = response.length is None and not response.chunked
    if ends_by_closing and limit.is_over:  # then the end may be our own cut
        raise TimeoutError(limit.sentence)


def _sentence(error: Exception, limit: TimeLimit) -> str:
    if limit.is_over:
        return limit.sentence
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _settle(outcome: "Future[Found]", work: Callable[[], Found]) -> None:
    try:
        outcome.set_result(work())
    except Exception as error:  # noqa: BLE001 - it is raised again where the outcome is awaited
        outcome.set_exception(error)
