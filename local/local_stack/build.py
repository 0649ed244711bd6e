import fcntl
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from local_stack.environment import CALLER, for_installing, scrubbed
from local_stack.errors import LocalStackError
from local_stack.localise import Template, functions, layers, layers_of, localise
from local_stack.places import (
    LOCAL,
    PROJECT,
    PROJECT_PROGRAMS,
    RUNTIME_PYTHON,
    SAM,
    TEMPLATE,
    StackFolder,
)

TRIM = PROJECT / "layers" / "trim.py"
CACHE = LOCAL / "build-cache"
LINES_OF_AN_ERROR = 25
ARM = ("arm64", "aarch64")


@dataclass(frozen=True)
class Host:
    """What the build must be made for, because it runs here and not on AWS."""

    runtime: str
    architecture: str

    def overrides(self) -> list[str]:
        return [f"PythonRuntime={self.runtime}", f"Architecture={self.architecture}"]


def this_host() -> Host:
    architecture = "arm64" if platform.machine().lower() in ARM else "x86_64"
    return Host(f"python{sys.version_info.major}.{sys.version_info.minor}", architecture)


@dataclass(frozen=True)
class Launcher:
    """What starts a function: AWS's own runtime client, or a module that stands around it."""

    module: str = "awslambdaric"
    search: tuple[Path, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


RUNTIME_CLIENT = Launcher()


def build(folder: StackFolder, launcher: Launcher = RUNTIME_CLIENT) -> Path:
    """Build the template with SAM and derive the copy that runs here; return its template."""
    with one_at_a_time():
        sam_build(folder, this_host())
        trim(folder)
        return derive(folder, launcher)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let two stacks of one checkout build one after the other: they share SAM's cache."""
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "build.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def sam_build(folder: StackFolder, host: Host) -> None:
    command = [str(SAM), "build", "--cached", "--template-file", str(TEMPLATE)]
    command += ["--build-dir", str(folder.built), "--cache-dir", str(CACHE)]
    command += ["--parameter-overrides", *host.overrides()]
    run(command, installing_environment(folder), "The build failed.")


def trim(folder: StackFolder) -> None:
    """Make the build as light as it is on AWS; SAM keeps its own copy untrimmed."""
    command = [sys.executable, str(TRIM), str(folder.built)]
    run(command, scrubbed(folder), "The layers could not be trimmed.")


def installing_environment(folder: StackFolder) -> dict[str, str]:
    """Let pip see the caller's pip settings, while SAM's own notes stay in the stack's folder."""
    ours = scrubbed(folder, str(PROJECT_PROGRAMS), SAM_CLI_TELEMETRY="0")
    home = {"HOME": CALLER.get("HOME", ours["HOME"]), "__SAM_CLI_APP_DIR": ours["HOME"]}
    return ours | home | for_installing()


def run(command: list[str], env: dict[str, str], trouble: str) -> str:
    done = subprocess.run(
        command, cwd=PROJECT, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = (done.stdout + done.stderr).splitlines()[-LINES_OF_AN_ERROR:]
        raise LocalStackError("\n".join([f"{trouble} Its last words:", *lines]))
    return done.stdout


def derive(folder: StackFolder, launcher: Launcher = RUNTIME_CLIENT) -> Path:
    """Make the copy that runs here, beside the build and apart from it."""
    shutil.copytree(folder.built, folder.copy, copy_function=os.link)
    template = yaml.safe_load((folder.built / "template.yaml").read_text())
    for name, properties in functions(template).items():
        bootstrap = folder.copy / properties["CodeUri"] / "bootstrap"
        search = layer_folders(template, name, folder.copy)
        bootstrap.write_text(bootstrap_text(search, launcher))
        bootstrap.chmod(0o755)
    local = folder.copy / "template.yaml"
    local.unlink()
    local.write_text(yaml.safe_dump(localise(template), sort_keys=False))
    return local


def layer_folders(template: Template, function: str, copy: Path) -> list[Path]:
    """Find a function's layers, the last laid one first, as its path must search them."""
    contents = layers(template)
    names = reversed(layers_of(template, function))
    return [(copy / contents[name]["ContentUri"]).resolve() / "python" for name in names]


def bootstrap_text(layer_paths: list[Path], launcher: Launcher = RUNTIME_CLIENT) -> str:
    search = ":".join(["$LAMBDA_TASK_ROOT", *map(str, (*layer_paths, *launcher.search))])
    variables = {"PYTHONPATH": search, **launcher.variables}
    return (
        "#!/bin/sh\n"
        + "".join(f'export {name}="{value}"\n' for name, value in variables.items())
        + f'exec "{RUNTIME_PYTHON}" -m {launcher.module} "$_HANDLER"\n'
    )
