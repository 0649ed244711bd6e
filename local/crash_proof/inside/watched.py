"""The handler that the runtime client calls; the function's own one does all the work."""

import importlib
import os
from collections.abc import Callable
from typing import Any

from crash_proof.inside.invocation import begin

module, _, name = os.environ["WATCHED_HANDLER"].rpartition(".")
real: Callable[[dict[str, Any], object], object] = getattr(importlib.import_module(module), name)


def handler(event: dict[str, Any], context: object) -> object:
    begin(event)
    return real(event, context)
