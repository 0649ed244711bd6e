"""Compile at the build what every start would compile anew: python layers/prepare.py BUILD_FOLDER.

It imports all that the functions import and keeps what dataclasses and `re` compile meanwhile.
`layers/trim.py` runs it in a process of its own, under the Python of the functions.
"""

import _sre  # type: ignore[import-not-found]
import builtins
import dataclasses
import importlib
import importlib.abc
import marshal
import os
import re
import runpy
import shutil
import sys
from importlib.machinery import ModuleSpec
from importlib.metadata import version
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import prepared  # type: ignore[import-not-found]

NATIVE = ("pydantic_core", "yaml", "zlib_ng", "av", "PIL")
"""Packages that may be made for another processor than the one that builds."""

texts: dict[str, bytes] = {}
patterns: dict[tuple[str | bytes, int], bytes] = {}


class Anything(type):
    """A class that has whatever is asked of it, and of which nothing can be made."""

    def __call__(cls, *_: object, **__: object) -> None:
        raise ImportError(f"{cls.__name__} cannot be loaded here", name="pydantic_core")

    def __getattr__(cls, name: str) -> type:
        return anything(name)


def anything(name: str) -> type:
    if name.startswith("__"):
        raise AttributeError(name)
    return Anything(name, (Exception,), {})


class CoreForAnother(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Stands in for a core of pydantic that this processor cannot load; its shell is all Python."""

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        return ModuleSpec(name, self) if name == "pydantic_core._pydantic_core" else None

    def exec_module(self, module: ModuleType) -> None:
        vars(module).update(__version__=version("pydantic_core"), __getattr__=anything)


def main(build: Path) -> None:
    package = build / "PipelineLayer" / "python" / "video_pipeline"
    sys.dont_write_bytecode = True
    listen()
    import_all(build, package)
    find_regions()
    shutil.copy(Path(prepared.__file__), package / "prepared.py")
    kept = marshal.dumps((prepared.PYTHON, texts, patterns))
    (package / prepared.PREPARED.name).write_bytes(kept)
    first = package / "__init__.py"
    first.write_text(f"from video_pipeline import prepared as prepared\n{first.read_text('utf-8')}")


def listen() -> None:
    """Keep every text and pattern that is compiled from now on."""
    compiled: list[Any] = []

    def execute(text: str, *namespaces: dict[str, Any]) -> None:
        texts[text] = marshal.dumps(compile(text, "<string>", "exec"))
        builtins.exec(text, *namespaces)

    def compile_program(*parts: Any) -> Any:
        compiled[:] = parts
        return _sre.compile(*parts)

    def compile_pattern(pattern: Any, flags: int = 0) -> Any:
        found = prepared.compile_anew(pattern, flags)
        _, all_flags, program, *groups = compiled
        kept = (int(all_flags), tuple(map(int, program)), *groups)
        patterns[pattern, int(flags)] = marshal.dumps(kept)
        return found

    compiler: Any = re._compiler  # type: ignore[attr-defined]
    compiler._sre = SimpleNamespace(**{**vars(_sre), "compile": compile_program})
    compiler.compile = compile_pattern
    re.purge()
    dataclasses.exec = execute  # type: ignore[attr-defined]


def import_all(build: Path, package: Path) -> None:
    """Import our modules and handlers with all that they use and that can be loaded here."""
    sys.path[:0] = [
        str(build / layer / "python") for layer in ("DependenciesLayer", "PipelineLayer")
    ]
    try:
        importlib.import_module("pydantic_core")
    except ImportError:
        sys.modules.pop("pydantic_core._pydantic_core", None)
        sys.meta_path.insert(0, CoreForAnother())
    os.environ.setdefault("AWS_REGION", "us-east-1")
    for path in sorted(package.rglob("*.py")):
        name = ".".join(path.relative_to(package.parent).with_suffix("").parts)
        try:
            importlib.import_module(name.removesuffix(".__init__"))
        except ImportError as error:
            if (error.name or "").partition(".")[0] not in NATIVE:
                raise
    for path in sorted(build.glob("*/handler.py")):
        runpy.run_path(str(path))


def find_regions() -> None:
    """Compile how regions are told apart, which botocore does at the first call."""
    loaders = importlib.import_module("botocore.loaders")
    for partition in loaders.create_loader().load_data("partitions")["partitions"]:
        re.compile(partition["regionRegex"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
