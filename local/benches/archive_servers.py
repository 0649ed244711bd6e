"""The two ends of a copy on this machine: nginx with the video, and nginx before a sink in C."""

import datetime as dt
import ipaddress
import os
import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from getpass import getuser
from pathlib import Path
from tempfile import TemporaryDirectory

import av
import numpy as np
from av.video.frame import VideoFrame
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SINK_SOURCE = Path(__file__).with_name("sink.c")
MEMORY = Path("/dev/shm")  # noqa: S108 - so that no disk is measured
NEEDED = {"nginx": "nginx-light", "cc": "gcc", "curl": "curl"}
PATIENCE = 10.0
NGINX = """
daemon off; user {user}; worker_processes 1;
pid {folder}/nginx.pid; error_log {folder}/nginx.log warn;
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; tcp_nodelay on; types {{ video/mp4 mp4; }}
  ssl_certificate {folder}/certificate.pem; ssl_certificate_key {folder}/certificate.pem;
  ssl_protocols TLSv1.3; client_max_body_size 0; client_body_temp_path {folder}/bodies;
  proxy_temp_path {folder}/proxied; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
  scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{source} ssl; root {folder}/videos; }}
  server {{
    listen 127.0.0.1:{sink} ssl;
    location / {{
      proxy_pass http://unix:{folder}/sink.socket; proxy_http_version 1.1;
      proxy_request_buffering off; proxy_buffering off;
    }}
  }}
}}
"""


class MissingToolsError(Exception):
    """What the bench runs on, or compares with, is not on this machine."""


@dataclass(frozen=True)
class Servers:
    folder: Path
    source: str
    sink: str

    @property
    def certificate(self) -> Path:
        return self.folder / "certificate.pem"

    def link(self, size: int) -> str:
        """Return where a film of a size lies, which is made when first asked for."""
        path = self.folder / "videos" / f"{size}.mp4"
        if not path.exists():
            _write_film(path, size)
        return f"{self.source}/{path.name}"

    def swallowed(self) -> int:
        """Return how many bytes of bodies the sink has thrown away so far."""
        return sum(map(int, (self.folder / "sink.log").read_text().split()))


@contextmanager
def servers() -> Iterator[Servers]:
    """Run both ends until the caller is done; raises MissingToolsError."""
    missing = [package for tool, package in NEEDED.items() if not shutil.which(tool)]
    if missing:
        raise MissingToolsError(f"missing on this machine: apt install {' '.join(missing)}")
    home = MEMORY if MEMORY.is_dir() else None
    with TemporaryDirectory(dir=home, prefix="bench-archive-") as name:
        folder = Path(name)
        (folder / "videos").mkdir()
        source, sink = _free_port(), _free_port()
        _write_certificate(folder / "certificate.pem")
        (folder / "nginx.conf").write_text(
            NGINX.format(folder=folder, source=source, sink=sink, user=getuser())
        )
        subprocess.run(["cc", "-O2", "-pthread", "-o", folder / "sink", SINK_SOURCE], check=True)
        with (
            _running([folder / "sink", folder / "sink.socket", folder / "sink.log"]),
            _running(["nginx", "-p", folder, "-c", folder / "nginx.conf"], source, sink),
        ):
            host = "https://127.0.0.1"
            yield Servers(folder, f"{host}:{source}", f"{host}:{sink}")


@contextmanager
def _running(command: list[str | Path], *ports: int) -> Iterator[None]:
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        for port in ports:
            _await(port, process)
        yield
    finally:
        process.terminate()
        process.wait()


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise MissingToolsError(f"{process.args!r} does not answer on port {port}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def _write_film(path: Path, size: int) -> None:
    """Write a short real film, made as large as wanted by a box that players skip."""
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        picture = np.random.default_rng(1).integers(0, 255, (360, 640, 3), np.uint8)
        for _ in range(24):
            container.mux(stream.encode(VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    left = size - path.stat().st_size
    noise = os.urandom(1_000_000)
    with path.open("ab") as film:
        film.write(struct.pack(">I4s", left, b"free"))
        while film.tell() < size:
            film.write(noise[: size - film.tell()])


def _write_certificate(path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bench")])
    host = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now, day = dt.datetime.now(dt.UTC), dt.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(host, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    secret = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(secret + certificate.public_bytes(encoding))
