import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from local_stack.build import RUNTIME_CLIENT, Launcher, build, this_host
from local_stack.clients import Clients
from local_stack.deploy import Deployment, deploy, outputs
from local_stack.emulator import Emulator, start_emulator
from local_stack.engine import answers, refuse_taken, start_engine
from local_stack.errors import LocalStackError
from local_stack.places import StackFolder
from local_stack.processes import members, stop_all
from local_stack.progress import step
from local_stack.stack_file import Stack, read_stack, write_stack
from local_stack.subscriber import subscribe

NOTES_OF_SAM = "build.toml"  # without them nothing of its cache is found again


@dataclass(frozen=True)
class Wishes:
    """What a stack may be started with; 0 as a port means any free one."""

    port: int = 0
    emulator_port: int = 0
    clock_speed: float = 20
    daily_credit_limit: int = 2_000
    parameters: dict[str, str] = field(default_factory=lambda: {"PollSeconds": "5"})
    launcher: Launcher = RUNTIME_CLIENT


def up(folder: StackFolder, wishes: Wishes) -> Stack:
    """Start a stack and describe it in its file; whatever goes wrong leaves nothing running."""
    with stopped_on_failure(folder):
        clear(folder)
        refuse_taken(wishes.port, wishes.emulator_port)
        with ThreadPoolExecutor() as pool:
            building = pool.submit(timed_build, folder, wishes.launcher)
            with step("engine and provider emulator started"):
                clients = Clients(start_engine(folder, wishes.port))
                emulator = start_emulator(folder, wishes.emulator_port, wishes.clock_speed)
            template = building.result()
        with step("stack deployed"):
            parameters = local_parameters(clients, emulator, wishes)
            deploy(folder, clients, Deployment(template, parameters), this_host())
        with step("provider key stored, subscriber's queue made"):
            stack = describe(clients, emulator, wishes)
        write_stack(folder, stack)
        return stack


def timed_build(folder: StackFolder, launcher: Launcher) -> Path:
    with step("template built"):
        return build(folder, launcher)


@contextmanager
def stopped_on_failure(folder: StackFolder) -> Iterator[None]:
    try:
        yield
    except BaseException:
        stop_all(folder)
        folder.stack_file.unlink(missing_ok=True)
        raise


def clear(folder: StackFolder) -> None:
    """Take away what an earlier stack of this folder left, killed ones included."""
    down(folder)
    for left in folder.path.glob("*"):
        if left.is_dir():
            shutil.rmtree(left)
        elif left.name != NOTES_OF_SAM:
            left.unlink()
    folder.prepare()


def down(folder: StackFolder) -> int:
    folder.stack_file.unlink(missing_ok=True)
    return stop_all(folder)


def running(folder: StackFolder) -> Stack | None:
    """Return the stack that runs and answers, if there is one."""
    if not (folder.stack_file.exists() and members(folder)):
        return None
    stack = read_stack(folder)
    healthy = answers(f"{stack.aws_endpoint_url}/_ministack/health") and answers(
        f"{stack.provider_url}/_emulator/tasks"
    )
    return stack if healthy else None


def local_parameters(clients: Clients, emulator: Emulator, wishes: Wishes) -> dict[str, str]:
    return {
        "LocalEngine": "true",
        "ProviderBaseUrl": emulator.url,
        "CallbackBaseUrl": clients.endpoint,
        "AllowedLocalHosts": f"{emulator.url},{clients.endpoint}",
        "DailyCreditLimit": str(wishes.daily_credit_limit),
        **wishes.parameters,
    }


def describe(clients: Clients, emulator: Emulator, wishes: Wishes) -> Stack:
    told = outputs(clients)
    try:
        secret, bus = told["ProviderSecretArn"], told["EventBusName"]
        clients.secrets().put_secret_value(SecretId=secret, SecretString=emulator.api_key)
        return Stack(
            aws_endpoint_url=clients.endpoint,
            aws_access_key_id=clients.access_key_id,
            aws_secret_access_key=clients.secret_access_key,
            region=clients.region,
            intake_bucket=told["IntakeBucket"],
            archive_bucket=told["ArchiveBucket"],
            events_queue_url=subscribe(clients, bus),
            callback_base_url=told["CallbackUrl"],
            provider_url=emulator.url,
            provider_api_key=emulator.api_key,
            state_machine_arn=told["StateMachineArn"],
            table_name=told["LedgerTable"],
            daily_credit_limit=wishes.daily_credit_limit,
        )
    except KeyError as missing:
        raise LocalStackError(f"The template has no output named {missing}.") from missing
