"""The provider's own books and faults, over HTTP."""

import json
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError


@dataclass(frozen=True)
class ProviderBooks:
    url: str

    def tasks(self) -> list[dict[str, Any]]:
        tasks: list[dict[str, Any]] = self.ask("GET", "/_emulator/tasks?limit=100000")["tasks"]
        return tasks

    def switch(self, **settings: object) -> None:
        self.ask("PUT", "/_emulator/settings", settings)

    def arm(self, fault: dict[str, Any]) -> None:
        self.ask("POST", "/_emulator/faults", fault)

    def disarm(self) -> None:
        """Take back every fault that has not struck, so that the films can be looked at."""
        self.ask("DELETE", "/_emulator/faults")

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        status, text = http(method, self.url + path, body)
        if status >= 300:  # noqa: PLR2004 - HTTP
            raise RuntimeError(f"The emulator answered {status} to {method} {path}: {text}")
        answer: dict[str, Any] = json.loads(text or "{}")
        return answer


def was_told(task: dict[str, Any]) -> bool:
    """Say whether a callback was taken that names its own task."""
    return any(
        200 <= callback.get("status", 0) < 300 and callback["names"] == task["id"]  # noqa: PLR2004
        for callback in task["callbacks"]
    )


def http(method: str, url: str, body: object = None) -> tuple[int, str]:
    """Send JSON, or bytes as they are, over plain HTTP on loopback; any status is an answer."""
    content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, content, headers, method=method)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - loopback
            return answer.status, answer.read().decode(errors="replace")
    except HTTPError as error:
        with error:
            return error.code, error.read().decode(errors="replace")
