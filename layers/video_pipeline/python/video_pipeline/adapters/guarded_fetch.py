"""The one way in which a URL that a user or the provider names is ever fetched."""

import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urljoin

from video_pipeline.adapters.addresses import Resolver, WebAddress, is_public, resolve
from video_pipeline.adapters.connections import (
    USER_AGENT,
    Call,
    NoAnswerError,
    NotConnectedError,
    TimeLimit,
    ask,
    connect,
    pieces,
    read_into,
    trusted_roots,
)
from video_pipeline.domain.errors import FetchFailedError, FetchRefusedError

OK, PARTIAL = 200, 206
REDIRECTS = frozenset({301, 302, 303, 307, 308})
CHUNK = 262_144
MOST_REDIRECTS = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """The part of a body that is asked for; without `last_byte` all that follows.

    With `if_range` the part is wanted of that very version alone (RFC 9110, 13.1.5).
    """

    max_bytes: int
    first_byte: int = 0
    last_byte: int | None = None
    if_range: str | None = None

    @property
    def is_range(self) -> bool:
        return self.first_byte > 0 or self.last_byte is not None

    @property
    def headers(self) -> dict[str, str]:
        if not self.is_range:
            return {}
        last = "" if self.last_byte is None else self.last_byte
        version = {"If-Range": self.if_range} if self.if_range else {}
        return {"Range": f"bytes={self.first_byte}-{last}", **version}

    @property
    def length(self) -> int | None:
        return None if self.last_byte is None else self.last_byte + 1 - self.first_byte


class GuardedAnswer:
    """The fetched port: a body that is never read beyond what was wanted."""

    def __init__(self, response: HTTPResponse, limit: TimeLimit, wanted: Wanted) -> None:
        self.status = response.status
        self.headers: Mapping[str, str] = {
            name.lower(): value for name, value in response.getheaders()
        }
        self._response = response
        self._limit = limit
        self._wanted = wanted
        self._taken = 0

    def readinto(self, room: memoryview) -> int:
        """Fill a room with what comes next, 0 bytes at the end; raises as `chunks` does.

        Only for bodies wanted to their end.
        """
        try:
            count = read_into(room, self._response, self._limit)
        except NoAnswerError as error:
            raise _broke_off(error, self.status) from error
        self._taken += count
        if self._taken > self._wanted.max_bytes:
            raise FetchFailedError(_too_long(self._wanted), self.status)
        return count

    def chunks(self, size: int = CHUNK) -> Iterator[bytes]:
        """Yield the body; raises FetchFailedError when it breaks off or is too long."""
        length = self._wanted.length
        taken = 0
        try:
            for piece in pieces(self._response, self._limit, min(size, length or size)):
                kept = piece if length is None else piece[: length - taken]
                taken += len(kept)
                if taken > self._wanted.max_bytes:
                    raise FetchFailedError(_too_long(self._wanted), self.status)
                yield kept
                if taken == length:
                    return
        except NoAnswerError as error:
            raise _broke_off(error, self.status) from error


class GuardedFetcher:
    """The fetcher port: https from public addresses, in bounded bytes, time and redirects."""

    def __init__(
        self,
        allowed_local_hosts: frozenset[str],
        timeout_seconds: float,
        *,
        quiet_seconds: float | None = None,
        resolver: Resolver = resolve,
        roots: Callable[[], ssl.SSLContext] = trusted_roots,
    ) -> None:
        """`quiet_seconds` end an answer of which nothing comes for so long, whatever is left."""
        self._quiet = quiet_seconds
        self._allowed = allowed_local_hosts
        self._timeout = timeout_seconds
        self._resolver = resolver
        self._roots = roots

    @contextmanager
    def open(
        self,
        url: str,
        *,
        max_bytes: int,
        first_byte: int = 0,
        last_byte: int | None = None,
        if_range: str | None = None,
    ) -> Iterator[GuardedAnswer]:
        """Open a URL; the time limit runs until the caller is done with the body."""
        wanted = Wanted(max_bytes, first_byte, last_byte, if_range)
        with TimeLimit(self._timeout) as limit:
            for _ in range(MOST_REDIRECTS + 1):
                to = self._checked(url)
                with (
                    closing(self._connect(to, limit)) as connection,
                    _asked(connection, to, wanted, limit) as response,
                ):
                    if response.status not in REDIRECTS:
                        _check(response, wanted, to)
                        yield GuardedAnswer(response, limit, wanted)
                        return
                    url = _redirected(url, response)
        raise FetchRefusedError(f"The link redirects more than {MOST_REDIRECTS} times.")

    def _checked(self, url: str) -> WebAddress:
        try:
            to = WebAddress.parse(url)
        except ValueError as error:
            raise FetchRefusedError(f"The link may not be fetched: it {error}.") from error
        if to.scheme != "https" and to.origin not in self._allowed:
            raise FetchRefusedError(f"{to.shown} may not be fetched: it is not an https link.")
        return to

    def _connect(self, to: WebAddress, limit: TimeLimit) -> HTTPConnection:
        addresses = self._resolved(to, limit)
        try:
            connection = connect(to, addresses, limit, self._roots)
        except NotConnectedError as error:
            raise FetchFailedError(f"{to.shown} could not be reached: {error}.") from error
        if self._quiet is not None:
            connection.sock.settimeout(self._quiet)
        return connection

    def _resolved(self, to: WebAddress, limit: TimeLimit) -> tuple[str, ...]:
        """Resolve once: what is checked here is what is connected to."""
        try:
            addresses = tuple(limit.run(lambda: self._resolver(to.host, to.port)))
        except (OSError, UnicodeError) as error:
            raise FetchFailedError(f"{to.host} could not be resolved: {error}.") from error
        if to.origin not in self._allowed and not all(map(is_public, addresses)):
            raise FetchRefusedError(f"{to.host} is not on the public internet.")
        return addresses


def _asked(
    connection: HTTPConnection, to: WebAddress, wanted: Wanted, limit: TimeLimit
) -> HTTPResponse:
    own = {"Host": to.host_header, "User-Agent": USER_AGENT, "Accept": "*/*"}
    call = Call("GET", to.target, {**own, "Accept-Encoding": "identity", **wanted.headers})
    try:
        return ask(connection, call, limit)
    except NoAnswerError as error:
        raise FetchFailedError(f"{to.shown} did not answer: {error}.") from error


def _redirected(url: str, response: HTTPResponse) -> str:
    location = response.getheader("Location")
    if not location:
        raise FetchFailedError("The link redirects to nowhere.", response.status)
    return urljoin(url, location)


def _check(response: HTTPResponse, wanted: Wanted, to: WebAddress) -> None:
    """Raise unless the answer is the wanted part of the body, plain and not too long."""
    status = response.status
    if status not in {OK, PARTIAL}:
        raise FetchFailedError(f"{to.shown} answered HTTP {status}.", status)
    encoding = response.getheader("Content-Encoding", "identity").strip().lower()
    if encoding not in {"", "identity"}:
        raise FetchFailedError(f"{to.shown} answered in {encoding}, unasked.", status)
    if status == PARTIAL and _first_byte(response) != wanted.first_byte:
        raise FetchFailedError(f"{to.shown} answered with another range.", status)
    if status == OK and wanted.first_byte > 0:
        raise FetchFailedError(f"{to.shown} cannot be read from the middle.", status)
    if wanted.last_byte is None and (response.length or 0) > wanted.max_bytes:
        raise FetchFailedError(_too_long(wanted), status)


def _first_byte(response: HTTPResponse) -> int | None:
    told = re.match(r"\s*bytes\s+([0-9]{1,18})-", response.getheader("Content-Range", ""))
    return int(told[1]) if told else None


def _broke_off(error: NoAnswerError, status: int) -> FetchFailedError:
    return FetchFailedError(f"The source broke off: {error}.", status)


def _too_long(wanted: Wanted) -> str:
    return f"The source has more than {wanted.max_bytes:,} bytes."
