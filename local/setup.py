"""Make the virtual environments of the project, with the standard library alone.

An environment that is complete carries a stamp of what it was made from; any other is made anew.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
import venv
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PARTS_THAT_INSTALL = ("build-system", "project")
LINES_OF_AN_ERROR = 15


class SetupError(Exception):
    """An environment could not be made."""


@dataclass(frozen=True)
class Environment:
    folder: Path
    requirements: Path
    purpose: str
    holds_project: bool = False

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def stamp_file(self) -> Path:
        return self.folder / "made-from"

    @property
    def name(self) -> str:
        return str(self.folder.relative_to(PROJECT))


def environment(name: str, folder: str, purpose: str) -> Environment:
    requirements = PROJECT / "requirements" / f"{name}.txt"
    return Environment(PROJECT / folder, requirements, purpose, name == "project")


ENVIRONMENTS = (
    environment("sam", ".local/venvs/sam", "the SAM command line, which builds and deploys"),
    environment("project", ".venv", "the package, its tests, the emulator"),
    environment("engine", ".local/venvs/engine", "MiniStack, the local AWS engine"),
    environment(
        "runtime", ".local/venvs/runtime", "AWS's runtime client, under which functions run"
    ),
)

ON_DEMAND = {
    "audit": environment("audit", ".local/venvs/audit", "checkov and pip-audit"),
    "bench": environment("bench", ".local/venvs/bench", "the AWS command line, to compare with"),
}
"""Made only when named on the command line, because they are large."""


def main() -> None:
    wanted = (*ENVIRONMENTS, *(ON_DEMAND[name] for name in sys.argv[1:]))
    with one_at_a_time():
        missing = [each for each in wanted if not is_made(each)]
        if missing:
            tell(f"Python {sys.version.split()[0]} ({sys.executable})")
            make_all(missing)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    lock = PROJECT / ".local" / "setup.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def is_made(wanted: Environment) -> bool:
    if not (wanted.stamp_file.is_file() and wanted.python.exists()):
        return False
    return wanted.stamp_file.read_text() == stamp(wanted)


def stamp(wanted: Environment) -> str:
    """Name all that the environment is made from; a moved checkout is a new one."""
    made_from = [sys.version, str(wanted.folder), wanted.requirements.read_text()]
    if wanted.holds_project:
        settings = tomllib.loads((PROJECT / "pyproject.toml").read_text())
        made_from += [json.dumps(settings[part]) for part in PARTS_THAT_INSTALL]
        made_from.append(json.dumps(settings["tool"]["hatch"]))
    return hashlib.sha256("\n".join(made_from).encode()).hexdigest()


def make_all(missing: list[Environment]) -> None:
    for each in missing:
        tell(f"{each.name}: {count(each)} pinned packages for {each.purpose}")
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(make, missing))


def count(wanted: Environment) -> int:
    return sum("==" in line for line in wanted.requirements.read_text().splitlines())


def make(wanted: Environment) -> None:
    started = time.monotonic()
    shutil.rmtree(wanted.folder, ignore_errors=True)
    bundled = importlib.util.find_spec("ensurepip") is not None
    venv.create(wanted.folder, with_pip=bundled, symlinks=True)
    pip = [str(wanted.python), "-m", "pip"]
    if not bundled:
        pip = [sys.executable, "-m", "pip", "--python", str(wanted.python)]
    run(wanted, [*pip, "install", "--requirement", str(wanted.requirements)])
    if wanted.holds_project:
        run(wanted, [*pip, "install", "--no-deps", "--no-build-isolation", "--editable", "."])
    wanted.stamp_file.write_text(stamp(wanted))
    tell(f"{wanted.name} is ready after {time.monotonic() - started:.0f} s")


def run(wanted: Environment, command: list[str]) -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    quiet = {
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PIP_REQUIRE_VIRTUALENV": "0",
    }
    done = subprocess.run(
        command, cwd=PROJECT, env=kept | quiet, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = (done.stdout + done.stderr).splitlines()[-LINES_OF_AN_ERROR:]
        raise SetupError("\n".join([f"{wanted.name} could not be made; pip said:", *lines]))


def tell(line: str) -> None:
    print(f"setup: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main()
    except SetupError as error:
        raise SystemExit(f"setup: {error}") from None
    except KeyboardInterrupt:
        raise SystemExit(
            "setup: interrupted; the next run begins again what is half made"
        ) from None
