import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(what: str) -> Iterator[None]:
    """Print a line with the seconds that a step took, on standard error, when it is done."""
    started = time.monotonic()
    yield
    say(f"{what:<52} {time.monotonic() - started:5.1f} s")


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
