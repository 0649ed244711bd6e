"""Break the product on purpose, one patch at a time, and see that the proof notices."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from crash_proof.report import COUNTED
from local_stack.build import CACHE
from local_stack.places import LOCAL, PROJECT, PROOF_STACK, StackFolder
from local_stack.processes import stop_all
from local_stack.progress import say
from local_stack.stack import NOTES_OF_SAM

PATCHES = PROJECT / "tests" / "proof" / "breaks"
COPIES = LOCAL / "broken-copies"
SIDE_BY_SIDE = 2
"""Each waits for most of its time."""

BORROWED = (".venv", ".local/venvs")
LONGEST = 1500.0
MOST_SHOWN = 1500
HEADER = re.compile(r"^(Law|Noticed by): (.+)$", re.MULTILINE)
PACKAGES = ("layers/video_pipeline/python", "local", "cli")


@dataclass(frozen=True)
class Break:
    """One patch; its head names the law that it breaks and the slice of the proof that sees it."""

    patch: Path

    @property
    def name(self) -> str:
        return self.patch.stem

    @property
    def title(self) -> str:
        return self.patch.read_text().partition("\n")[0]

    @property
    def laws(self) -> list[str]:
        """Return the laws of which one must be seen broken."""
        return self._head["Law"].split(", ")

    @property
    def command(self) -> list[str]:
        """Return what notices it: words for this program, or for pytest."""
        return self._head["Noticed by"].split()

    @property
    def is_for_pytest(self) -> bool:
        return self.command[0] == "pytest"

    @property
    def _head(self) -> dict[str, str]:
        return dict(HEADER.findall(self.patch.read_text().partition("\ndiff ")[0]))


@dataclass(frozen=True)
class Outcome:
    broken: Break
    noticed: bool
    words: str

    @property
    def word(self) -> str:
        return "noticed" if self.noticed else "UNNOTICED"


class Breaks:
    """Makes every break in a copy of this tree of its own."""

    def __init__(self, only: str, seed: int) -> None:
        self._breaks = [each for each in all_breaks() if only in each.name]
        self._seed = seed
        self._running: list[subprocess.Popen[str]] = []
        self.all_noticed = False

    def run(self) -> dict[str, object]:
        shutil.rmtree(COPIES, ignore_errors=True)
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            try:
                outcomes = list(pool.map(self._outcome, self._breaks))
            except KeyboardInterrupt:
                for process in self._running:
                    process.send_signal(signal.SIGINT)
                raise
        shutil.rmtree(COPIES, ignore_errors=True)
        say("")
        for outcome in outcomes:
            say(f"{outcome.word:<10} {outcome.broken.name:<26} {outcome.broken.title}")
        noticed = [outcome.broken.name for outcome in outcomes if outcome.noticed]
        missed = [outcome.broken.name for outcome in outcomes if not outcome.noticed]
        self.all_noticed = bool(noticed) and not missed
        return {"breaks": len(outcomes), "noticed": len(noticed), "unnoticed": missed}

    def _outcome(self, broken: Break) -> Outcome:
        outcome = self._made(broken)
        say(f"{broken.name}: {broken.title}")
        say(f"  {outcome.word}: {outcome.words}")
        return outcome

    def _made(self, broken: Break) -> Outcome:
        tree = COPIES / broken.name
        copy_tree(tree)
        if not applies(broken.patch, tree, check=False):
            return Outcome(broken, noticed=False, words="The patch does not apply.")
        try:
            noticed, words = self._look(broken, tree)
        finally:
            folder = tree / ".local" / PROOF_STACK
            stop_all(StackFolder(folder, folder / "stack.json"))
            shutil.rmtree(tree)
        return Outcome(broken, noticed=noticed, words=words)

    def _look(self, broken: Break, tree: Path) -> tuple[bool, str]:
        """Run the part of the proof that must fail; say whether it did, and by which law."""
        if broken.is_for_pytest:
            status, _, _ = self._run(tree, ["-m", "pytest", "-q", "-x", *broken.command[1:]])
            return status == 1, f"pytest ended with {status}."
        words = ["-m", "crash_proof", "prove", "--seed", str(self._seed), *broken.command]
        status, told, errors = self._run(tree, words)
        lines = told.strip().splitlines()
        if status != 1 or not lines or not lines[-1].startswith("{"):
            return False, f"It ended with {status}: {errors.strip()[-MOST_SHOWN:]}"
        counts = json.loads(lines[-1])
        broke = {law: counts[law] for law in COUNTED if counts[law]}
        return any(law in broke for law in broken.laws), f"Laws broken: {broke}."

    def _run(self, tree: Path, words: list[str]) -> tuple[int, str, str]:
        """Run Python in the copy; what is installed is found in the copy first."""
        path = ":".join(str(tree / package) for package in PACKAGES)
        with subprocess.Popen(
            [sys.executable, *words],
            cwd=tree,
            env={**os.environ, "PYTHONPATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            self._running.append(process)
            try:
                told, errors = process.communicate(timeout=LONGEST)
            finally:
                process.send_signal(signal.SIGINT)  # it cleans up; nothing if it has ended
            return process.returncode, told, errors


def all_breaks() -> list[Break]:
    return [Break(patch) for patch in sorted(PATCHES.glob("*.patch"))]


def copy_tree(to: Path) -> None:
    """Copy what git knows of this tree, changed or not, and borrow the environments."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT,
        capture_output=True,
        check=True,
    ).stdout
    for name in filter(None, listing.decode().split("\0")):
        if (PROJECT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, to / name)
    for name in BORROWED:
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        (to / name).symlink_to(PROJECT / name)
    lend_build(to)


def lend_build(to: Path) -> None:
    """Hand on what SAM built of this tree, so that only what is broken has to be built."""
    notes = LOCAL / PROOF_STACK / NOTES_OF_SAM
    if CACHE.exists() and notes.exists():
        there = to / ".local"
        shutil.copytree(CACHE, there / CACHE.name, symlinks=True)
        (there / PROOF_STACK).mkdir()
        told = notes.read_text().replace(str(PROJECT), str(to))
        (there / PROOF_STACK / NOTES_OF_SAM).write_text(told)


def applies(patch: Path, tree: Path, *, check: bool) -> bool:
    """Apply a patch to a tree, or only see whether it would apply."""
    command = ["git", "apply", *(["--check"] if check else []), str(patch)]
    # Without this git would take the tree for a part of the repository around it.
    env = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tree.parent)}
    return subprocess.run(command, cwd=tree, env=env, check=False).returncode == 0
