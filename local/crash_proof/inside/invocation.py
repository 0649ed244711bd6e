"""The invocation under way: its calls are counted and written down, and it may die at one."""

import json
import os
import signal
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from crash_proof.inside.plans import Blow, blow_at
from crash_proof.inside.subject import function_in, subject_of

FOLDER = Path(os.environ["CRASH_FOLDER"])
MOST_ORDINALS, MOST_OF_ALL = 12, 3
"""Later calls of one name are one point; a function that goes through all jobs makes no end."""

lock = threading.Lock()
counts: Counter[str] = Counter()
subject = ""


FUNCTION = function_in(os.environ["AWS_LAMBDA_FUNCTION_NAME"])
book = os.open(
    FOLDER / "seen" / f"{FUNCTION}-{os.getpid()}.jsonl", os.O_CREAT | os.O_APPEND | os.O_WRONLY
)


def begin(event: dict[str, Any]) -> None:
    global subject  # noqa: PLW0603 - a process has one invocation at a time
    subject = subject_of(event)
    counts.clear()
    write(event=event if "Records" in event else None)


def reach(call: str) -> int:
    """Note that a call is about to be made; return which one of its name it is."""
    with lock:
        counts[call] += 1
        ordinal = min(counts[call], MOST_ORDINALS if subject else MOST_OF_ALL)
    pass_by(call, ordinal, "before")
    return ordinal


def reached(call: str, ordinal: int) -> None:
    """Note that a call's answer, or its failure, has come."""
    pass_by(call, ordinal, "after")


def pass_by(call: str, ordinal: int, side: str) -> None:
    blow = blow_at(FOLDER, subject, (FUNCTION, call, ordinal, side))
    kills = blow is not None and not blow.seconds
    write(call=call, ordinal=ordinal, side=side, blow=blow and blow.id, kills=kills)
    if blow is not None:
        strike(blow)


def strike(blow: Blow) -> None:
    if blow.seconds:
        time.sleep(blow.seconds)
    else:
        os.kill(os.getpid(), signal.SIGKILL)


def write(**facts: object) -> None:
    line = {"at": time.time(), "function": FUNCTION, "subject": subject, **facts}
    os.write(book, json.dumps(line).encode() + b"\n")
