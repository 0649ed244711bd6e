"""The packages of the naive handler, installed beside it once, with bytecode as pip leaves it."""

import hashlib
import subprocess
import sys
from pathlib import Path

from benches.side_by_side import RESULTS
from benches.stage import HANDLERS
from local_stack.environment import for_installing
from local_stack.errors import LocalStackError
from local_stack.places import PROJECT

REQUIREMENTS = PROJECT / "requirements" / "naive.txt"


def search() -> list[Path]:
    """Return where the naive handler and its packages lie."""
    packages = RESULTS / f"naive-{stamp()}"
    if not packages.exists():
        install(packages)
    return [HANDLERS, packages]


def stamp() -> str:
    text = REQUIREMENTS.read_text("utf-8") + sys.version
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def install(into: Path) -> None:
    half = into.with_suffix(".half")
    pip = [sys.executable, "-m", "pip", "install", "--compile", "--target", str(half)]
    env = {"PATH": "/usr/bin:/bin", "HOME": str(Path.home()), **for_installing()}
    command = [*pip, "--requirement", str(REQUIREMENTS)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LocalStackError(f"The naive handler cannot be set up:\n{done.stderr[-2000:]}")
    half.rename(into)
