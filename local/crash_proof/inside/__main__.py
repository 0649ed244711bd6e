"""Run a function under AWS's own runtime client, with every outside call watched."""

import os
import runpy
import sys

from crash_proof.inside import calls, clock

WATCHED = "crash_proof.inside.watched.handler"


def main() -> None:
    os.environ["WATCHED_HANDLER"] = sys.argv[1]
    calls.watch()
    clock.watch()
    sys.argv = ["awslambdaric", WATCHED]
    runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
