"""Run the whole proof; its last line on standard output is the verdict as JSON."""

import argparse
import json
import random
import signal
import time
from types import FrameType

from crash_proof.proof import Proof, Wish
from crash_proof.stage import crash_folder, start
from crash_proof.world import World
from local_stack.environment import forget_caller
from local_stack.errors import LocalStackError
from local_stack.places import PROOF_STACK, stack_folder
from local_stack.stack import down

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> None:
    for each in ENDING:
        signal.signal(each, interrupt)
    forget_caller()
    wish = wished()
    started = time.monotonic()
    folder = stack_folder(PROOF_STACK)
    try:
        proof = Proof(World(start(folder), crash_folder(folder)), wish)
        verdict = proof.run()
    except LocalStackError as error:
        raise SystemExit(f"proof: {error}") from None
    except KeyboardInterrupt:
        raise SystemExit("proof: interrupted; what it started is stopped") from None
    finally:
        down(folder)
    print(json.dumps({**verdict, "seed": wish.seed, "seconds": round(time.monotonic() - started)}))
    raise SystemExit(0 if proof.holds else 1)


def interrupt(_signal: int, _frame: FrameType | None) -> None:
    for each in ENDING:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def wished() -> Wish:
    words = argparse.ArgumentParser(prog="python -m crash_proof")
    words.add_argument("--seed", type=int, help="of everything that is drawn; 0 draws one")
    words.add_argument("--points", type=int, help="strike only so many moments, drawn by the seed")
    words.add_argument("--random", type=int, default=120, help="how many random drops")
    words.add_argument("--at-once", type=int, default=30, help="how many drops are alive at once")
    words.add_argument("--scenario", action="append", help="play this one alone; repeatable")
    chosen = words.parse_args()
    seed = chosen.seed or random.SystemRandom().randrange(1, 1_000_000)
    only = frozenset(chosen.scenario or ())
    return Wish(seed, chosen.points, chosen.random, chosen.at_once, only)


if __name__ == "__main__":
    main()
