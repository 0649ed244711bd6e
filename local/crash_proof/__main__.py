"""The proof, the soak and the breaks; the last line on standard output is the verdict as JSON."""

import argparse
import json
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from crash_proof.breaks import Breaks
from crash_proof.proof import Proof, Wish
from crash_proof.soak import Soak
from crash_proof.stage import crash_folder, start
from crash_proof.world import World
from local_stack.environment import forget_caller
from local_stack.errors import LocalStackError
from local_stack.places import PROOF_STACK, stack_folder
from local_stack.progress import say
from local_stack.stack import down

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> None:
    for each in ENDING:
        signal.signal(each, interrupt)
    forget_caller()
    chosen = parser().parse_args()
    chosen.seed = chosen.seed or random.SystemRandom().randrange(1, 1_000_000)
    started = time.monotonic()
    try:
        holds, figures = COMMANDS[chosen.command](chosen)
    except LocalStackError as error:
        raise SystemExit(f"{chosen.command}: {error}") from None
    except KeyboardInterrupt:
        raise SystemExit(f"{chosen.command}: interrupted; what it started is stopped") from None
    seconds = round(time.monotonic() - started)
    print(json.dumps({**figures, "seed": chosen.seed, "seconds": seconds}))
    raise SystemExit(0 if holds else 1)


def interrupt(_signal: int, _frame: FrameType | None) -> None:
    for each in ENDING:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="python -m crash_proof")
    words.add_argument("command", choices=COMMANDS)
    words.add_argument("--seed", type=int, help="of everything that is drawn; by default another")
    words.add_argument("--points", type=int, help="strike only so many moments, drawn by the seed")
    words.add_argument("--random", type=int, default=120, help="how many random drops")
    words.add_argument("--at-once", type=int, default=30, help="how many drops are alive at once")
    words.add_argument("--patience", type=float, default=420, help="seconds that a drop may take")
    words.add_argument("--scenario", action="append", help="play this one alone; repeatable")
    words.add_argument("--times", type=int, default=2, help="watch each main way so often")
    words.add_argument("--function", default="", help="strike this function alone")
    words.add_argument("--soak-seconds", type=float, default=600, help="how long drops arrive")
    words.add_argument("--rate", type=float, default=0.5, help="drops a second while soaking")
    words.add_argument("--only", default="", help="make only the breaks whose name holds this")
    return words


def prove(chosen: argparse.Namespace) -> tuple[bool, dict[str, object]]:
    say(f"seed {chosen.seed}: `make proof SEED={chosen.seed}` plays the same again")
    wish = Wish(
        chosen.seed,
        chosen.points,
        chosen.random,
        chosen.at_once,
        chosen.patience,
        frozenset(chosen.scenario or ()),
        chosen.function,
        chosen.times,
    )
    with stage() as world:
        proof = Proof(world, wish)
        figures = proof.run()
    return proof.holds, {**figures}


def soak(chosen: argparse.Namespace) -> tuple[bool, dict[str, object]]:
    with stage() as world:
        soaking = Soak(world, stack_folder(PROOF_STACK), chosen.seed, chosen.rate)
        figures = soaking.run(chosen.soak_seconds)
    return soaking.holds, figures


def make_breaks(chosen: argparse.Namespace) -> tuple[bool, dict[str, object]]:
    breaks = Breaks(chosen.only, chosen.seed)
    figures = breaks.run()
    return breaks.all_noticed, figures


@contextmanager
def stage() -> Iterator[World]:
    """Start the stack, and stop it whatever happens."""
    folder = stack_folder(PROOF_STACK)
    try:
        yield World(start(folder), crash_folder(folder))
    finally:
        down(folder)


COMMANDS = {"prove": prove, "soak": soak, "breaks": make_breaks}


if __name__ == "__main__":
    main()
