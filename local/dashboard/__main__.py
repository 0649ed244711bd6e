"""`python -m dashboard`: measures the running local stack for a while, then draws what it told."""

import argparse
import json
import time
from pathlib import Path

from dashboard.draw import draw
from dashboard.series import read
from dashboard.widgets import widgets_of
from local_stack.deploy import outputs
from local_stack.environment import forget_caller
from local_stack.places import MAIN_STACK, PROJECT, stack_folder
from local_stack.stack_file import Stack, read_stack

PICTURE = PROJECT / "docs" / "dashboard.svg"
PAUSE = 2.0  # what the schedule of five minutes becomes on a machine where minutes are hours


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m dashboard", description=__doc__)
    words.add_argument("--seconds", type=float, default=60, help="measure for so long")
    words.add_argument("--out", type=Path, default=PICTURE)
    chosen = words.parse_args()
    forget_caller()
    stack = read_stack(stack_folder(MAIN_STACK))
    began = time.time()
    measure(stack, chosen.seconds)
    clients = stack.clients()
    told = outputs(clients)
    found = clients.of("cloudwatch").get_dashboard(DashboardName=told["DashboardName"])
    widgets = widgets_of(json.loads(found["DashboardBody"]), read(stack, told["LogGroup"], began))
    chosen.out.write_text(draw(widgets))
    print(f"Written to {chosen.out}")


def measure(stack: Stack, seconds: float) -> None:
    functions = stack.clients().of("lambda")
    (name,) = [
        each["FunctionName"]
        for each in functions.list_functions()["Functions"]
        if "MeasureFunction" in each["FunctionName"]
    ]
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        functions.invoke(FunctionName=name)
        time.sleep(PAUSE)


if __name__ == "__main__":
    main()
