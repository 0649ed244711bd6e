"""Start processes and find them again by the mark in their environment.

A mark cannot be inherited by a stranger as a process id can, so nothing else is ever stopped,
and what a kill -9 left behind is still found.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from local_stack.environment import MARK
from local_stack.errors import LocalStackError
from local_stack.places import StackFolder

PROCESSES = Path("/proc")
PATIENCE = 5.0
READY_PATIENCE = 30.0
PAUSE = 0.05
WORDS_SHOWN = 15

Process = subprocess.Popen[bytes]
started: list[Process] = []


def start(
    folder: StackFolder, name: str, command: Sequence[str], env: Mapping[str, str]
) -> Process:
    """Start a process in a session of its own, so that no terminal signal reaches it."""
    with folder.log(name).open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder.path,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    started.append(process)
    return process


def wait_until(ready: Callable[[], bool], process: Process, what: str, log: Path) -> None:
    """Wait for a sign of readiness; a process that died or is silent is shown by its log."""
    deadline = time.monotonic() + READY_PATIENCE
    while not ready():
        dead = process.poll() is not None
        if dead or time.monotonic() > deadline:
            trouble = "stopped" if dead else f"did not answer within {READY_PATIENCE:.0f} s"
            raise LocalStackError(f"{what} {trouble}. Its last words:\n{last_words(log)}")
        time.sleep(PAUSE)


def last_words(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-WORDS_SHOWN:])


def stop_all(folder: StackFolder) -> int:
    """Stop every process that carries the folder's mark and say how many there were."""
    found = members(folder)
    for word in (signal.SIGTERM, signal.SIGKILL):
        send(members(folder), word)
        if wait_until_gone(folder):
            return len(found)
    raise LocalStackError(f"Processes {members(folder)} do not stop; they belong to {folder.path}.")


def send(pids: Sequence[int], word: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, word)
        except ProcessLookupError:
            continue


def wait_until_gone(folder: StackFolder) -> bool:
    deadline = time.monotonic() + PATIENCE
    while alive(folder):
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
    return True


def alive(folder: StackFolder) -> bool:
    found = members(folder)
    reap()
    return bool(found)


def reap() -> None:
    started[:] = [process for process in started if process.poll() is None]


def members(folder: StackFolder, *, function: str | None = None) -> list[int]:
    """List the processes of a stack, or those in which one of its functions runs."""
    wanted = {f"{MARK}={folder.path}"}
    if function:
        wanted.add(f"AWS_LAMBDA_FUNCTION_NAME={function}")
    return [pid for pid, settings in environments() if wanted <= settings]


def environments() -> Iterator[tuple[int, set[str]]]:
    if PROCESSES.is_dir():
        return environments_on_linux()
    return environments_elsewhere()


def environments_on_linux() -> Iterator[tuple[int, set[str]]]:
    for entry in PROCESSES.iterdir():
        if entry.name.isdigit():
            try:
                settings = (entry / "environ").read_bytes()
            except OSError:
                continue
            yield int(entry.name), set(os.fsdecode(settings).split("\0"))


def environments_elsewhere() -> Iterator[tuple[int, set[str]]]:
    """Read the environments where there is no /proc, from ps; paths with spaces are not found."""
    listing = subprocess.run(
        ["ps", "-axww", "-E", "-o", "pid=,command="], capture_output=True, text=True, check=True
    )
    for line in listing.stdout.splitlines():
        pid, *words = line.split()
        yield int(pid), set(words)
