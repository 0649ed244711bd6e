"""Servers on the loopback interface that misbehave in chosen ways."""

import contextlib
import datetime as dt
import ipaddress
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Behaviour = Callable[[socket.socket, "Visit"], None]


@dataclass
class Visit:
    """What one connection brought, filled in as it arrives."""

    head: str = ""
    body: bytes = b""

    @property
    def request_line(self) -> str:
        return self.head.partition("\r\n")[0]

    @property
    def headers(self) -> dict[str, str]:
        lines = self.head.split("\r\n")[1:]
        pairs = (line.partition(":") for line in lines if line)
        return {name.lower(): value.strip() for name, _, value in pairs}


@dataclass
class Loopback:
    """A listening server; each connection is handed to the behaviour in a thread of its own."""

    behaviour: Behaviour
    tls: ssl.SSLContext | None = None
    visits: list[Visit] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def origin(self, host: str = "127.0.0.1") -> str:
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"

    def close(self) -> None:
        self.closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(timeout=5)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            visit = Visit()
            self.visits.append(visit)
            worker = threading.Thread(target=self._serve, args=(connection, visit), daemon=True)
            self._threads.append(worker)
            worker.start()

    def _serve(self, connection: socket.socket, visit: Visit) -> None:
        connection.settimeout(5)
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.callback(connection.close)
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
                stack.callback(connection.close)
            self.behaviour(connection, visit)


def hear(connection: socket.socket, visit: Visit) -> None:
    """Read one request, head and body."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65_536)
        if not piece:
            raise ConnectionError
        received += piece
    head, _, visit.body = received.partition(b"\r\n\r\n")
    visit.head = head.decode()
    length = int(visit.headers.get("content-length", "0"))
    while len(visit.body) < length:
        visit.body += connection.recv(65_536)


def answering(status: int, body: bytes | Mapping[str, object] = b"", **headers: str) -> Behaviour:
    """Answer every request alike; header names are written with underscores."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Told", f"Content-Length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return saying("\r\n".join(lines).encode() + b"\r\n\r\n" + content)


def saying(raw: bytes, *, stays_open: bool = False) -> Behaviour:
    def behave(connection: socket.socket, visit: Visit) -> None:
        hear(connection, visit)
        connection.sendall(raw)
        if stays_open:
            connection.recv(1)

    return behave


def resetting(connection: socket.socket, _: Visit) -> None:
    """Reset before anything is read, once something has come.

    Sooner, the reset could end the connection while it is being made, and then nothing was sent.
    """
    connection.recv(1, socket.MSG_PEEK)
    reset(connection)


def resetting_after_request(connection: socket.socket, visit: Visit) -> None:
    hear(connection, visit)
    reset(connection)


def hanging_after_request(connection: socket.socket, visit: Visit) -> None:
    hear(connection, visit)
    connection.recv(1)


def silent(connection: socket.socket, _: Visit) -> None:
    """Accept, and never say a word: a TLS handshake hangs here."""
    while connection.recv(65_536):
        pass


def dripping(first: bytes, drop: bytes, every: float = 0.02) -> Behaviour:
    """Say something, then one drop at a time for ever: no single read ever times out."""

    def behave(connection: socket.socket, visit: Visit) -> None:
        hear(connection, visit)
        connection.sendall(first)
        pause = threading.Event()
        while not pause.wait(every):
            connection.sendall(drop)

    return behave


def flooding(first: bytes, piece: bytes) -> Behaviour:
    def behave(connection: socket.socket, visit: Visit) -> None:
        hear(connection, visit)
        connection.sendall(first)
        while True:
            connection.sendall(piece)

    return behave


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@contextlib.contextmanager
def closed_port() -> Iterator[int]:
    """A port that is taken but not listened to, so that connecting is refused."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate for some hosts, and the two sides' TLS contexts."""

    path: Path

    @classmethod
    def made_for(cls, *hosts: str, folder: Path) -> "Certificate":
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback test")])
        now = dt.datetime.now(dt.UTC)
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([_name(host) for host in hosts]), False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
            .add_extension(identifier, False)
            .sign(key, hashes.SHA256())
        )
        path = folder / "certificate.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        return cls(path)

    def server_side(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path)
        return context

    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.path)


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
