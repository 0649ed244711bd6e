"""What an input transformer of EventBridge makes of an event."""

import json
import re
from collections.abc import Mapping
from typing import Any

_PLACE = re.compile(r"<([\w-]+)>")


def transformed(transformer: Mapping[str, Any], event: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Fill the template with what its paths find; raises where one finds nothing."""
    found = {name: looked_up(path, event) for name, path in transformer["InputPathsMap"].items()}
    text = _PLACE.sub(lambda place: found[place[1]], transformer["InputTemplate"])
    return json.loads(text)


def looked_up(path: str, event: Mapping[str, Any]) -> str:
    """Return the text at a path like $.detail.job.name, escaped for a JSON text."""
    value: Any = event
    for name in path.removeprefix("$.").split("."):
        value = value[name]
    return json.dumps(value, ensure_ascii=False).strip('"')
