import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_stack.environment import scrubbed
from local_stack.errors import LocalStackError
from local_stack.places import StackFolder
from local_stack.processes import Process, members, start, stop_all, wait_until

SLEEPER = "import time; time.sleep(60)"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEPER!r}])"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('x'); {SLEEPER}"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[StackFolder]:
    folder = StackFolder(tmp_path, tmp_path / "stack.json")
    folder.prepare()
    yield folder
    stop_all(folder)


def run(folder: StackFolder, program: str, **settings: str) -> Process:
    return start(folder, "program", [sys.executable, "-c", program], scrubbed(folder, **settings))


def grown(folder: StackFolder, count: int) -> bool:
    return len(members(folder)) == count


def test_a_started_process_is_found_by_the_mark_it_carries(folder: StackFolder) -> None:
    process = run(folder, SLEEPER)
    assert members(folder) == [process.pid]


def test_everything_a_process_started_is_stopped_with_it(folder: StackFolder) -> None:
    process = run(folder, PARENT)
    wait_until(lambda: grown(folder, 2), process, "The pair", folder.log("program"))
    assert stop_all(folder) == 2
    assert members(folder) == []


def test_what_a_killed_parent_left_behind_is_stopped(folder: StackFolder) -> None:
    process = run(folder, PARENT)
    wait_until(lambda: grown(folder, 2), process, "The pair", folder.log("program"))
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert stop_all(folder) == 1
    assert members(folder) == []


def test_stopping_twice_is_harmless(folder: StackFolder) -> None:
    run(folder, SLEEPER)
    assert stop_all(folder) == 1
    assert stop_all(folder) == 0


def test_a_process_that_ignores_the_polite_word_is_killed(
    folder: StackFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local_stack.processes.PATIENCE", 0.2)
    log = folder.log("program")
    process = run(folder, STUBBORN, PYTHONUNBUFFERED="1")
    wait_until(lambda: "x" in log.read_text(), process, "The stubborn one", log)
    stop_all(folder)
    assert process.wait() == -signal.SIGKILL


def test_a_process_of_somebody_else_is_never_touched(folder: StackFolder, tmp_path: Path) -> None:
    other = scrubbed(StackFolder(tmp_path / "other", tmp_path / "other.json"))
    stranger = subprocess.Popen([sys.executable, "-c", SLEEPER], env=other)  # noqa: S603 - our own program
    assert stop_all(folder) == 0
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_the_processes_of_one_function_can_be_told_apart(folder: StackFolder) -> None:
    run(folder, SLEEPER)
    worker = run(folder, SLEEPER, AWS_LAMBDA_FUNCTION_NAME="submit")
    assert members(folder, function="submit") == [worker.pid]


def test_a_process_that_dies_at_its_start_is_shown_by_its_last_words(folder: StackFolder) -> None:
    process = run(folder, "raise SystemExit('no such port')")
    with pytest.raises(
        LocalStackError, match=r"The engine stopped\. Its last words:\nno such port"
    ):
        wait_until(lambda: False, process, "The engine", folder.log("program"))


def test_a_process_that_stays_silent_is_not_waited_for_for_ever(
    folder: StackFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local_stack.processes.READY_PATIENCE", 0.1)
    process = run(folder, SLEEPER)
    with pytest.raises(LocalStackError, match="did not answer within 0 s"):
        wait_until(lambda: False, process, "The engine", folder.log("program"))
