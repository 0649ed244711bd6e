"""One manifest of the corpus and what must be said about it."""

import json
from dataclasses import dataclass
from typing import Any

PROMPT = "A first-person fruit tea commercial"
ABSENT = object()
"""Takes a field out of the request that every case starts from."""


@dataclass(frozen=True)
class Case:
    """`errors` and `warnings` are "code path", in any order; `jobs` counts those of a sound one."""

    name: str
    extension: str
    body: bytes
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    jobs: int = 1

    @property
    def key(self) -> str:
        return f"manifests/spring/{self.name}{self.extension}"


def written(
    name: str, text: str | bytes, *verdicts: str, extension: str = ".json", jobs: int = 1
) -> Case:
    """Return a case of exactly this text; a verdict that starts with "warning" is no error."""
    return Case(
        name,
        extension,
        text.encode() if isinstance(text, str) else text,
        tuple(verdict for verdict in verdicts if not verdict.startswith("warning ")),
        tuple(v.removeprefix("warning ") for v in verdicts if v.startswith("warning ")),
        jobs,
    )


def yaml(name: str, text: str, *verdicts: str, jobs: int = 1) -> Case:
    return written(name, text, *verdicts, extension=".yaml", jobs=jobs)


def lines(name: str, text: str | bytes, *verdicts: str, jobs: int = 1) -> Case:
    return written(name, text, *verdicts, extension=".jsonl", jobs=jobs)


def request(**fields: Any) -> dict[str, Any]:
    """Return a sound request with these fields instead of, or beside, its own."""
    whole = {"prompt": PROMPT, "image_urls": ["https://example.com/1.png"], **fields}
    return {name: value for name, value in whole.items() if value is not ABSENT}


def bare(name: str, /, *verdicts: str, jobs: int = 1, **fields: Any) -> Case:
    return written(name, json.dumps(request(**fields)), *verdicts, jobs=jobs)


def manifest(name: str, tree: Any, *verdicts: str, jobs: int = 1) -> Case:
    return written(name, json.dumps(tree), *verdicts, jobs=jobs)


def image(name: str, reference: str, *verdicts: str) -> Case:
    """Return a case of one reference; a bare code is told at that reference."""
    placed = [v if " " in v else f"{v} $.image_urls[0]" for v in verdicts]
    return bare(name, *placed, image_urls=[reference])
