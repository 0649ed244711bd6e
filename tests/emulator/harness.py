"""Starts the real emulator as a process, and a neighbour that serves media and takes callbacks."""

import json
import os
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

ROOT = Path(__file__).parents[2]
MODEL = "seedance-2.0-mini-reference-to-video"
KEY = "sk-main"
Json = dict[str, Any]
ENDED = ("completed", "failed", "cancelled")


@dataclass
class Running:
    """One emulator process, and a client that calls it as a customer would."""

    process: subprocess.Popen[bytes]
    url: str
    client: httpx.Client

    def request(self, method: str, path: str, *, key: str | None = KEY, **more: Any) -> Any:
        headers = dict(more.pop("headers", {}))
        if key:
            headers["Authorization"] = f"Bearer {key}"
        return self.client.request(method, self.url + path, headers=headers, **more)

    def get(self, path: str, **more: Any) -> Any:
        return self.request("GET", path, **more)

    def create(self, prompt: str = "a quiet harbour", **fields: Any) -> httpx.Response:
        options = {name: fields.pop(name) for name in ("key", "headers") if name in fields}
        body = {"model": MODEL, "prompt": prompt} | fields
        response: httpx.Response = self.request(
            "POST", "/v1/videos/generations", json=body, **options
        )
        return response

    def created(self, prompt: str = "a quiet harbour", **fields: Any) -> Json:
        response = self.create(prompt, **fields)
        assert response.status_code == 200, response.text
        return _object(response)

    def read(self, task_id: str, *, key: str = KEY) -> Json:
        return _object(self.get(f"/v1/tasks/{task_id}", key=key))

    def ended(self, task_id: str, seconds: float = 30, *, key: str = KEY) -> Json:
        """Wait until a task is at its end."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            task = self.read(task_id, key=key)
            if task["status"] in ENDED:
                return task
            time.sleep(0.02)
        raise AssertionError(f"{task_id} does not end: {task}")

    def finished(self, prompt: str = "a quiet harbour", **fields: Any) -> Json:
        return self.ended(self.created(prompt, **fields)["id"], key=fields.get("key", KEY))

    def arm(self, on: str, kind: str, **more: Any) -> Json:
        fault = {"on": on, "kind": kind} | more
        response = self.request("POST", "/_emulator/faults", json=fault)
        assert response.status_code == 201, response.text
        return _object(response)

    def switch(self, **settings: Any) -> Json:
        response = self.request("PUT", "/_emulator/settings", json=settings)
        assert response.status_code == 200, response.text
        return _object(response)

    def stop_clock(self) -> None:
        assert self.request("POST", "/_emulator/clock", json={"speed": 0}).status_code == 200

    def advance(self, seconds: float) -> None:
        move = {"advance_seconds": seconds}
        assert self.request("POST", "/_emulator/clock", json=move).status_code == 200

    def book(self, task_id: str) -> Json:
        tasks = _object(self.get("/_emulator/tasks"))["tasks"]
        found: Json = next(task for task in tasks if task["id"] == task_id)
        return found

    def callbacks(self, task_id: str, count: int, seconds: float = 10) -> list[Json]:
        """Wait for so many noted attempts to deliver a task."""

        def noted() -> list[Json]:
            found = _object(self.get(f"/_emulator/callbacks?task_id={task_id}"))["callbacks"]
            return list(found)

        wait_for(lambda: len(noted()) >= count, seconds)
        return noted()

    def credits(self, key: str = KEY) -> float:
        figures = _object(self.get("/v1/credits", key=key))["data"]["user"]
        return float(figures["remaining_credits"])


def wait_for(condition: Callable[[], bool], seconds: float = 10) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it does not happen"
        time.sleep(0.02)


@contextmanager
def facing_emulator(*options: str) -> Iterator[Running]:
    """Start an emulator on a free port; whatever becomes of it, it is gone afterwards."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "local")}
    command = [sys.executable, "-m", "provider_emulator", *options]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process,  # noqa: S603 - our own program
        httpx.Client(timeout=30, trust_env=False) as client,
    ):
        assert process.stdout
        try:
            greeting = json.loads(process.stdout.readline())
            yield Running(process, greeting["url"], client)
        finally:
            process.terminate()
            process.wait(15)


@contextmanager
def running_emulator(*options: str) -> Iterator[Running]:
    """Start an emulator, and see it end well on SIGTERM."""
    with facing_emulator(*options) as emulator:
        yield emulator
    assert emulator.process.returncode == 0


@dataclass
class Neighbour:
    """A local server: serves what is put on its shelf, and takes callbacks under `/hook…`."""

    server: ThreadingHTTPServer
    shelf: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    received: list[tuple[str, bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    delay: float = 0

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def put(self, name: str, content: bytes, media_type: str = "application/octet-stream") -> str:
        def serve(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.send_header("content-type", media_type)
            request.send_header("content-length", str(len(content)))
            request.end_headers()
            request.wfile.write(content)

        self.shelf[f"/{name}"] = serve
        return f"{self.url}/{name}"

    def put_file(self, path: Path) -> str:
        return self.put(path.name, path.read_bytes())

    def bodies(self, path: str) -> list[Json]:
        return [json.loads(body) for where, body in self.received if where == path]

    def answer_callback(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["content-length"]))
        self.received.append((request.path, body))
        status = self.statuses.pop(0) if self.statuses else 200
        time.sleep(self.delay)
        request.send_response(status)
        request.send_header("content-length", "0")
        request.end_headers()


@contextmanager
def neighbour(tls: ssl.SSLContext | None = None) -> Iterator[Neighbour]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            here.answer_callback(self)

        def do_GET(self) -> None:
            serve = here.shelf.get(urlsplit(self.path).path)
            if serve is None:
                self.send_error(404)
            else:
                serve(self)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                self.close_connection = True

        def finish(self) -> None:
            try:
                super().finish()
            except OSError:
                self.close_connection = True

    here = Neighbour(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
    here.server.daemon_threads = True
    if tls:
        here.server.socket = tls.wrap_socket(here.server.socket, server_side=True)
    thread = threading.Thread(target=here.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield here
    finally:
        here.server.shutdown()
        here.server.server_close()
        thread.join()


def _object(response: httpx.Response) -> Json:
    found: Json = response.json()
    return found
