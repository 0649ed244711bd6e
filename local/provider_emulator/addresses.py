"""Which hosts the emulator may call: public ones, and those that an option names."""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import SplitResult, urlsplit

LOOPBACK = "127.0.0.1"
RESOLVE_SECONDS = 3
DEFAULT_PORTS = {"https": 443, "http": 80}


class RefusedAddressError(Exception):
    """When a URL may not be called: not https, or a host that is not public."""


class UnknownHostError(Exception):
    """When a host name does not resolve (in time)."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A URL with the address that was checked, so that the call goes there and nowhere else."""

    url: str
    host: str
    port: int
    address: str


@dataclass(frozen=True, slots=True)
class AllowedHost:
    """A local host named by the option: `host`, `host:port` or `scheme://host[:port]`."""

    host: str
    scheme: str | None = None
    port: int | None = None

    @classmethod
    def parse(cls, text: str) -> "AllowedHost":
        parts = urlsplit(text if "://" in text else f"//{text}")
        if not parts.hostname:
            raise ValueError(f"{text!r} names no host; write host, host:port or scheme://host:port")
        return cls(parts.hostname, parts.scheme or None, parts.port)

    def fits(self, parts: SplitResult, port: int) -> bool:
        return (
            fnmatchcase(parts.hostname or "", self.host)
            and self.scheme in (None, parts.scheme)
            and self.port in (None, port)
        )


class Gate:
    """Decides by the spelling of a URL, then by what its host resolves to."""

    def __init__(self, allowed: Iterable[AllowedHost] = ()) -> None:
        self._allowed = tuple(allowed)

    def check_spelling(self, url: str) -> SplitResult:
        """Refuse what is no https URL, or names a private address outright."""
        parts, port = _split(url)
        if self._is_allowed(parts, port):
            return parts
        if parts.scheme != "https":
            raise RefusedAddressError(f"only https is supported, not {parts.scheme or 'no scheme'}")
        host = parts.hostname or ""
        if _is_local_name(host):
            raise RefusedAddressError(f"{host} is a private address")
        literal = _literal(host)
        if literal:
            _refuse_private(host, literal)
        return parts

    async def resolve(self, url: str) -> Destination:
        """Return where to connect; private addresses are refused by what the name resolves to."""
        parts = self.check_spelling(url)
        _, port = _split(url)
        host = parts.hostname or ""
        allowed = self._is_allowed(parts, port)
        if allowed and _is_local_name(host):
            return Destination(url, host, port, LOOPBACK)
        addresses = await _look_up(host, port)
        if not allowed:
            for address in addresses:
                _refuse_private(host, address)
        return Destination(url, host, port, addresses[0])

    def _is_allowed(self, parts: SplitResult, port: int) -> bool:
        known = parts.scheme in DEFAULT_PORTS
        return known and any(entry.fits(parts, port) for entry in self._allowed)


def _split(url: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
        (parts.hostname or "").encode("idna")
    except ValueError as error:
        raise RefusedAddressError(f"it is no valid URL ({error})") from error
    if not parts.hostname or any(character.isspace() for character in url):
        raise RefusedAddressError("it is no absolute URL")
    return parts, port


def _is_local_name(host: str) -> bool:
    """Tell names that mean this machine whatever a resolver says (RFC 6761)."""
    name = host.rstrip(".")
    return name == "localhost" or name.endswith(".localhost")


def _literal(host: str) -> str | None:
    """Return the address that a host spells, also in the old forms like 127.1 or 0x7f000001."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return None


def _refuse_private(host: str, address: str) -> None:
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or found
    if not inner.is_global or inner.is_multicast:
        raise RefusedAddressError(
            f"{host} is a private address"
            if host == address
            else f"{host} resolves to the private address {address}"
        )


async def _look_up(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError, UnicodeError) as error:
        raise UnknownHostError(f"the host name {host} does not resolve") from error
    return [str(entry[4][0]) for entry in found]
