"""AWS's runtime client in a fresh process, fed by a stand-in for Lambda's runtime API."""

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benches.loopback import LOOPBACK, QuietHandler, QuietServer
from local_stack.places import RUNTIME_PYTHON
from local_stack.processes import last_words

PATIENCE = 60.0
NO_ANSWER = "The function did not answer."
HEADERS = {
    "Lambda-Runtime-Aws-Request-Id": "52fdfc07-2182-454f-963f-5f0f9a621d72",
    "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:123456789012:function:bench",
    "Lambda-Runtime-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793",
}


class FunctionFailedError(Exception):
    """A function died or answered with an error, so its figure would mean nothing."""


@dataclass(frozen=True)
class Spent:
    """What a process had used at an instant."""

    cpu_ms: float
    rss_mb: float
    wall_ms: float


@dataclass(frozen=True)
class Program:
    """A handler as Lambda would start it."""

    search: Sequence[Path]
    environment: Mapping[str, str]
    handler: str = "handler.handler"

    def start(self, api: str, log: Path) -> "subprocess.Popen[bytes]":
        variables = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "HOME": str(log.parent),
            "PYTHONPATH": os.pathsep.join(map(str, self.search)),
            "AWS_LAMBDA_RUNTIME_API": api,
            "AWS_LAMBDA_FUNCTION_NAME": "bench",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            "LAMBDA_TASK_ROOT": str(self.search[0]),
            **self.environment,
        }
        command = [str(RUNTIME_PYTHON), "-m", "awslambdaric", self.handler]
        with log.open("wb") as output:
            return subprocess.Popen(command, env=variables, stdout=output, stderr=output)


@dataclass
class RuntimeApi:
    """Hands events to one process, and notes what it has spent when it answers the last one."""

    events: Iterator[Mapping[str, Any]]
    answers: int = 0
    last: bytes = b""
    spent: Spent | None = None
    first: float = 0.0
    trouble: str = ""
    _ended: threading.Event = field(default_factory=threading.Event)
    _process: "subprocess.Popen[bytes] | None" = None

    def run(self, program: Program, log: Path) -> Spent:
        """Start a process and let it answer every event; it does not outlive this call."""
        server = QuietServer((LOOPBACK, 0), handler_for(self))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.began = time.perf_counter()
        self._process = process = program.start(f"{LOOPBACK}:{server.server_address[1]}", log)
        try:
            self._await(process)
        finally:
            process.kill()
            process.wait()
            server.shutdown()
            server.server_close()
        if self.spent is None or self.trouble:
            raise FunctionFailedError(f"{self.trouble or NO_ANSWER}\n{last_words(log)}")
        return self.spent

    def _await(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + PATIENCE
        while not self._ended.wait(0.05):
            if process.poll() is not None or time.monotonic() > deadline:
                return

    def note(self) -> None:
        """Note what the process has used until now; the first note counts."""
        if self.spent is None and self._process is not None:
            wall = (time.perf_counter() - self.began) * 1000
            self.spent = Spent(cpu_ms(self._process.pid), rss_mb(self._process.pid), wall)
            self._ended.set()

    def answered(self, path: str, body: bytes) -> None:
        if not path.endswith("/response"):
            self.trouble = body.decode(errors="replace")
            self._ended.set()
            return
        self.answers += 1
        self.last = body

    def next_event(self) -> Mapping[str, Any] | None:
        event = next(self.events, None)
        if event is None:
            self.note()
        return event


def cpu_ms(pid: int) -> float:
    """Read a process's own CPU clock; Linux names it by the process's id."""
    return time.clock_gettime((~pid << 3) | 2) * 1000


def rss_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1000
    return 0.0


def handler_for(api: RuntimeApi) -> type[QuietHandler]:
    class Handler(QuietHandler):
        def do_GET(self) -> None:  # noqa: N802 - http.server's name
            event = api.next_event()
            if event is None:
                time.sleep(PATIENCE)  # as Lambda lets a function wait; it is killed meanwhile
                return
            deadline = int(time.time() * 1000) + 120_000
            headers = {**HEADERS, "Lambda-Runtime-Deadline-Ms": str(deadline)}
            self._finish(200, json.dumps(event).encode(), headers)

        def do_POST(self) -> None:  # noqa: N802 - the same
            api.answered(self.path, self.body())
            self._finish(202, b"{}", {})

        def _finish(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Type": "application/json"}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler
