import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from provider_emulator.accounts import Key, KeyState
from provider_emulator.addresses import AllowedHost
from provider_emulator.billing import uc_of
from provider_emulator.emulator import Start
from provider_emulator.settings import Settings

DEFAULT_KEY = "sk-emulator"
TOP_SPEED = 1e6


def parse_options(arguments: Sequence[str] | None = None) -> tuple[argparse.Namespace, Start]:
    """Read the command line: where to listen, and how to start."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    try:
        settings = Settings.model_validate(
            {name: getattr(chosen, name) for name in Settings.model_fields if name in chosen}
        )
    except ValidationError as error:
        first = error.errors()[0]
        parser.error(f"--{str(first['loc'][0]).replace('_', '-')}: {first['msg']}")
    return chosen, _start(chosen, settings)


def _start(chosen: argparse.Namespace, settings: Settings) -> Start:
    return Start(
        keys=tuple(chosen.api_key or [Key(DEFAULT_KEY)]),
        balance_uc=uc_of(chosen.balance),
        start_time=chosen.start_time,
        clock_speed=chosen.clock_speed,
        folder=chosen.data_folder,
        allowed_hosts=tuple(chosen.allow_local_host),
        render_workers=chosen.render_workers,
        results_url=chosen.results_url,
        settings=settings,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="provider-emulator",
        description="Run EvoLink's published video API on this machine, with faults on demand.",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    add("--port", type=int, default=0, help="port to listen on, 0 for a free one (default)")
    add(
        "--api-key",
        action="append",
        type=_key,
        metavar="KEY[,account=NAME][,limit=CREDITS][,daily=CREDITS][,state=STATE]",
        help=f"a key that is accepted, may be repeated (default {DEFAULT_KEY}); states:"
        f" {', '.join(get_args(KeyState))} (contract 5.2)",
    )
    add("--balance", type=float, default=10_000, help="credits of each account (default 10000)")
    add("--clock-speed", type=_speed, help="emulator seconds per real second (default 1)")
    add("--start-time", type=_moment, help="start of the clock, ISO 8601 or Unix seconds")
    add("--data-folder", type=Path, help="keep books and films here, also over restarts")
    add(
        "--allow-local-host",
        action="append",
        type=AllowedHost.parse,
        default=[],
        metavar="[SCHEME://]HOST[:PORT]",
        help="a host that may be local and plain http, for callbacks and references alike;"
        " may be repeated; * matches any part of the name",
    )
    add("--results-url", help="base of result links, if not the address listened on")
    add("--render-workers", type=int, default=1, help="processes that draw (default 1)")
    switches = parser.add_argument_group("switches", "also `PUT /_emulator/settings`")
    for name, field in Settings.model_fields.items():
        _add_switch(switches, name, field)
    return parser


def _add_switch(group: argparse._ArgumentGroup, name: str, field: FieldInfo) -> None:
    shown = " ".join(f"{each:g}" for each in field.default) if name.endswith("waits") else None
    options: dict[str, Any] = {
        "dest": name,
        "default": argparse.SUPPRESS,
        "help": f"{field.description}; default {shown or field.default}",
    }
    if isinstance(field.default, bool):
        options["action"] = argparse.BooleanOptionalAction
    elif isinstance(field.default, tuple):
        options["nargs"] = "*"
    elif get_args(field.annotation):
        options["choices"] = get_args(field.annotation)
    group.add_argument(f"--{name.replace('_', '-')}", **options)


def _key(text: str) -> Key:
    name, *parts = text.split(",")
    fields = dict(part.partition("=")[::2] for part in parts)
    limits = {name: fields.pop(name, None) for name in ("limit", "daily")}
    key = Key(
        name,
        account=fields.pop("account", "default"),
        limit_uc=uc_of(float(limits["limit"])) if limits["limit"] else None,
        daily_uc=uc_of(float(limits["daily"])) if limits["daily"] else None,
        state=_state(fields.pop("state", "active")),
    )
    if fields:
        raise argparse.ArgumentTypeError(f"{next(iter(fields))!r} is not understood in {text!r}")
    return key


def _state(text: str) -> KeyState:
    for state in get_args(KeyState):
        if state == text:
            return cast("KeyState", state)
    raise argparse.ArgumentTypeError(f"{text!r} is not a state of a key")


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 <= speed <= TOP_SPEED:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and {TOP_SPEED:g}")
    return speed


def _moment(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return datetime.fromisoformat(text).timestamp()
