"""Take from the build what Python would compile anew at every start.

Bytecode holds modules, but neither the methods of a dataclass, which are compiled from text when
its module is imported, nor regular expressions. `layers/prepare.py` lays both beside this module;
what is not found there, or comes from another Python, is compiled as ever.
"""

import _sre  # type: ignore[import-not-found]
import builtins
import dataclasses
import gc
import marshal
import re
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from typing import Any

PREPARED = Path(__file__).with_suffix(".marshal")
PYTHON = (MAGIC_NUMBER, _sre.MAGIC)

compile_anew = re._compiler.compile  # type: ignore[attr-defined]


def use(texts: dict[str, bytes], patterns: dict[tuple[str | bytes, int], bytes]) -> None:
    """Let dataclasses and regular expressions look here before they compile."""

    def execute(text: str, *namespaces: dict[str, Any]) -> None:
        code = texts.get(text)
        builtins.exec(text if code is None else marshal.loads(code), *namespaces)

    def compile_pattern(pattern: Any, flags: int = 0) -> Any:
        code = patterns.get((pattern, flags))
        if code is None:
            return compile_anew(pattern, flags)
        all_flags, program, *groups = marshal.loads(code)
        return _sre.compile(pattern, all_flags, list(program), *groups)

    dataclasses.exec = execute  # type: ignore[attr-defined]
    re._compiler.compile = compile_pattern  # type: ignore[attr-defined]


gc.set_threshold(50_000)  # what is made at the start stays: to look through it finds nothing

if PREPARED.exists():
    python, texts, patterns = marshal.loads(PREPARED.read_bytes())
    if python == PYTHON:
        use(texts, patterns)
