import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from local_stack.engine import LOOPBACK
from local_stack.environment import scrubbed
from local_stack.places import PROJECT_PROGRAMS, StackFolder
from local_stack.processes import start, wait_until


@dataclass(frozen=True)
class Emulator:
    url: str
    api_key: str


def start_emulator(folder: StackFolder, port: int, clock_speed: float) -> Emulator:
    """Start the provider emulator; it may fetch from and call back to this machine alone."""
    api_key = f"sk-{secrets.token_urlsafe(24)}"
    options = {
        "--port": str(port),
        "--api-key": api_key,
        "--clock-speed": f"{clock_speed:g}",
        "--allow-local-host": LOOPBACK,
    }
    words = [word for pair in options.items() for word in pair]
    command = [str(PROJECT_PROGRAMS / "provider-emulator"), *words]
    log = folder.log("emulator")
    process = start(folder, "emulator", command, scrubbed(folder, str(PROJECT_PROGRAMS)))
    wait_until(lambda: announced_url(log) is not None, process, "The provider emulator", log)
    return Emulator(url=announced_url(log) or "", api_key=api_key)


def announced_url(log: Path) -> str | None:
    """Read the address from the line of JSON that the emulator prints when it is ready."""
    for line in log.read_text(errors="replace").splitlines():
        if line.startswith("{") and line.endswith("}"):
            return str(json.loads(line)["url"]).rstrip("/")
    return None
