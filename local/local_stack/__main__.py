import argparse
import signal
from types import FrameType

from local_stack.demo.play import play
from local_stack.environment import forget_caller
from local_stack.errors import LocalStackError
from local_stack.examples.play import play as play_example
from local_stack.places import DEMO_STACK, MAIN_STACK, STACKS, relative, stack_folder
from local_stack.progress import say
from local_stack.stack import Wishes, down, running, up
from local_stack.validate import validate

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> None:
    for each in ENDING:
        signal.signal(each, interrupt)
    forget_caller()
    chosen = parser().parse_args()
    try:
        COMMANDS[chosen.command](chosen)
    except LocalStackError as error:
        raise SystemExit(f"{chosen.command}: {error}") from None
    except KeyboardInterrupt:
        raise SystemExit(f"{chosen.command}: interrupted; what it started is stopped") from None


def interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Interrupt once; whoever is impatient must not break the stopping."""
    for each in ENDING:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def parser() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser(prog="python -m local_stack")
    words.add_argument("command", choices=COMMANDS)
    words.add_argument("--port", type=int, default=0, help="of the engine; 0 is any free one")
    words.add_argument("--provider-port", type=int, default=0, help="of the emulator")
    words.add_argument("--example", default="", help="the folder of one in examples/subscribers")
    return words


def start(chosen: argparse.Namespace) -> None:
    folder = stack_folder(MAIN_STACK)
    if running(folder):
        say(f"The stack is up already; {relative(folder.stack_file)} tells how to reach it.")
        say("`make down up` starts it anew, with the code as it is now.")
        return
    up(folder, Wishes(port=chosen.port, emulator_port=chosen.provider_port))
    say(f"The stack is up; {relative(folder.stack_file)} tells how to reach it.")


def stop(_chosen: argparse.Namespace) -> None:
    """Stop every stack of this checkout, those that a killed demo or test left behind included."""
    count = sum(down(stack_folder(name)) for name in STACKS)
    say(f"Stopped {count} processes." if count else "Nothing was running.")


def demonstrate(_chosen: argparse.Namespace) -> None:
    play(stack_folder(DEMO_STACK))


def check_template(_chosen: argparse.Namespace) -> None:
    validate()


def show_example(chosen: argparse.Namespace) -> None:
    folder = stack_folder(MAIN_STACK)
    if not running(folder):
        start(chosen)
    play_example(chosen.example, folder)


COMMANDS = {
    "example": show_example,
    "up": start,
    "down": stop,
    "demo": demonstrate,
    "validate": check_template,
}


if __name__ == "__main__":
    main()
