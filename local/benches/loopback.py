"""HTTP servers on the loopback interface whose clients are killed when a figure is taken."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOOPBACK = "127.0.0.1"


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that is gone: it was killed on purpose."""


class QuietHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body leave in one piece
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
        """Say nothing: the figures are what is printed."""

    def body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            return self._chunks()
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def handle_expect_100(self) -> bool:
        """Say at once that the body may come; the answer itself leaves buffered."""
        goes_on = super().handle_expect_100()
        self.wfile.flush()
        return goes_on

    def _chunks(self) -> bytes:
        whole = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            whole += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            continue
        return whole
