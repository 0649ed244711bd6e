"""What a command comes to: one document, one exit code, and what people see of it."""

from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType

DONE, FAILED, WRONG_USAGE, RUNNING = 0, 1, 2, 3

Document = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    document: Document
    code: int
    parts: tuple[RenderableType, ...]


class CommandError(Exception):
    """A command that cannot go on; the message names the thing and the fix."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code
