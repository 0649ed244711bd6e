import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
LOCAL = PROJECT / ".local"
TEMPLATE = PROJECT / "template.yaml"
STACK_FILE = LOCAL / "stack.json"
PROJECT_PROGRAMS = PROJECT / ".venv" / "bin"
ENGINE_PYTHON = LOCAL / "venvs" / "engine" / "bin" / "python"
RUNTIME_PYTHON = LOCAL / "venvs" / "runtime" / "bin" / "python"
MAIN_STACK, DEMO_STACK, TEST_STACK, PROOF_STACK, BENCH_STACK, REHEARSAL_STACK = STACKS = (
    "stack",
    "demo-stack",
    "test-stack",
    "proof-stack",
    "bench-stack",
    "rehearsal-stack",
)
SAM = LOCAL / "venvs" / "sam" / "bin" / "sam"


@dataclass(frozen=True)
class StackFolder:
    """Where one local stack keeps everything of its own; two stacks have two folders."""

    path: Path
    stack_file: Path

    @property
    def home(self) -> Path:
        return self.path / "home"

    @property
    def temporary(self) -> Path:
        return self.path / "tmp"

    @property
    def built(self) -> Path:
        """Where SAM builds; beside the copy, because a built template names files relatively."""
        return self.path / "built"

    @property
    def copy(self) -> Path:
        return self.path / "copy"

    def log(self, name: str) -> Path:
        return self.path / f"{name}.log"

    def prepare(self) -> None:
        for folder in (self.home, self.temporary):
            folder.mkdir(parents=True, exist_ok=True)


def stack_folder(name: str) -> StackFolder:
    """Name the folder of a stack; the main one is what `make up` leaves running."""
    path = LOCAL / name
    return StackFolder(path, STACK_FILE if name == MAIN_STACK else path / "stack.json")


def relative(path: Path) -> str:
    return os.path.relpath(path)
