"""Web addresses: taken apart once, resolved once, and told public or not."""

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

Resolver = Callable[[str, int], Sequence[str]]

DEFAULT_PORTS = {"https": 443, "http": 80}
_HOST_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_.])?")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_KEPT = "%/:@!$&'()*+,;=~?[]"  # what a path or query may hold besides letters and digits

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # all that has been given out so far
_NEVER = (
    ipaddress.ip_network("100.64.0.0/10"),  # carrier NAT, home of one cloud's metadata service
    ipaddress.ip_network("168.63.129.16/32"),  # another cloud's, on a public number
    ipaddress.ip_network("192.0.0.0/24"),
    ipaddress.ip_network("192.88.99.0/24"),
    ipaddress.ip_network("2001::/23"),  # protocol assignments, with Teredo tunnels among them
    ipaddress.ip_network("2002::/16"),  # 6to4 tunnels into any IPv4 network
    ipaddress.ip_network("2001:db8::/32"),
    ipaddress.ip_network("3fff::/20"),
)


@dataclass(frozen=True, slots=True)
class WebAddress:
    """A URL taken apart; `target` is path and query as they go on the wire."""

    scheme: str
    host: str
    port: int
    target: str

    @classmethod
    def parse(cls, url: str) -> "WebAddress":
        """Take a URL apart; raises ValueError with a sentence that does not repeat it."""
        if _UNSAFE.search(url):
            raise ValueError("holds a blank, a control character or a backslash")
        parts = urlsplit(url)
        scheme = parts.scheme.lower()
        if scheme not in DEFAULT_PORTS:
            raise ValueError("is not an https link")
        if "@" in parts.netloc:
            raise ValueError("holds a user name or password")
        query = f"?{parts.query}" if parts.query else ""
        target = quote((parts.path or "/") + query, safe=_KEPT)
        port = DEFAULT_PORTS[scheme] if parts.port is None else parts.port
        if port == 0:
            raise ValueError("names port 0")
        return cls(scheme, _ascii_host(parts.hostname or ""), port, target)

    @property
    def origin(self) -> str:
        """Return scheme, host and port, the port always written out."""
        return f"{self.scheme}://{self._bracketed}:{self.port}"

    @property
    def host_header(self) -> str:
        is_default = self.port == DEFAULT_PORTS[self.scheme]
        return self._bracketed if is_default else f"{self._bracketed}:{self.port}"

    @property
    def shown(self) -> str:
        """Return what a person may see: no query, because it may be a signature."""
        return f"{self.scheme}://{self.host_header}{self.target.partition('?')[0]}"

    @property
    def _bracketed(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def resolve(host: str, port: int) -> tuple[str, ...]:
    """Return every numeric address of a host, in the system's order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def is_public(address: str) -> bool:
    """Say whether an address lies on the open internet and nowhere else."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        carried = _carried_ipv4(found)
        if carried is not None:
            return is_public(str(carried))
        if found not in _GLOBAL_UNICAST:
            return False
    if any(found in network for network in _NEVER):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved)


def _carried_ipv4(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 one merely wraps, as IPv6-only networks do."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped


def _ascii_host(host: str) -> str:
    if ":" in host:
        if "%" in host:
            raise ValueError("names an interface of one machine")
        return str(ipaddress.IPv6Address(host))
    try:
        name = host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise ValueError("names no valid host") from error
    if not _HOST_NAME.fullmatch(name):
        raise ValueError("names no valid host")
    return name
