import argparse
import signal
from types import FrameType

from local_stack.demo.play import play
from local_stack.environment import forget_caller
from local_stack.errors import LocalStackError
from local_stack.places import relative, stack_folder
from local_stack.progress import say
from local_stack.stack import Wishes, down, running, up
from local_stack.validate import validate

MAIN_STACK = "stack"


def main() -> None:
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
    forget_caller()
    command = parser().parse_args().command
    try:
        COMMANDS[command]()
    except LocalStackError as error:
        raise SystemExit(f"{command}: {error}") from None
    except KeyboardInterrupt:
        raise SystemExit(f"{command}: interrupted, everything it started is stopped") from None


def interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="python -m local_stack", description=__doc__)
    words.add_argument("command", choices=COMMANDS)
    return words


def start() -> None:
    folder = stack_folder(MAIN_STACK)
    if running(folder):
        say(f"The stack is up already; {relative(folder.stack_file)} tells how to reach it.")
        say("`make down up` starts it anew, with the code as it is now.")
        return
    up(folder, Wishes())
    say(f"The stack is up; {relative(folder.stack_file)} tells how to reach it.")


def stop() -> None:
    count = down(stack_folder(MAIN_STACK))
    say(f"Stopped {count} processes." if count else "Nothing was running.")


def demonstrate() -> None:
    play(stack_folder("demo-stack"))


COMMANDS = {"up": start, "down": stop, "demo": demonstrate, "validate": validate}


if __name__ == "__main__":
    main()
