import json
import socket
from dataclasses import fields
from pathlib import Path

import pytest

from local_stack.emulator import announced_url
from local_stack.engine import free_port, refuse_taken
from local_stack.errors import LocalStackError
from local_stack.places import StackFolder
from local_stack.stack import clear
from local_stack.stack_file import Stack, read_stack, write_stack
from local_stack.subscriber import allow

STACK = Stack(
    **{field.name: field.name for field in fields(Stack) if field.name != "daily_credit_limit"},
    daily_credit_limit=7,
)


def test_a_taken_port_is_named_in_the_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LocalStackError, match=f"Port {port} of 127.0.0.1 cannot be used"):
            refuse_taken(port)


def test_a_free_port_is_not_refused() -> None:
    port = free_port()
    refuse_taken(port)
    assert port > 0


def test_the_emulators_address_is_read_from_its_line_of_json(tmp_path: Path) -> None:
    log = tmp_path / "emulator.log"
    log.write_text('warming up\n{"url": "http://127.0.0.1:81/"}\n')
    assert announced_url(log) == "http://127.0.0.1:81"


def test_half_a_line_of_json_is_not_yet_an_address(tmp_path: Path) -> None:
    log = tmp_path / "emulator.log"
    log.write_text('{"url": "http://127.0.')
    assert announced_url(log) is None


def test_a_stack_is_read_as_it_was_written(tmp_path: Path) -> None:
    folder = StackFolder(tmp_path, tmp_path / "stack.json")
    write_stack(folder, STACK)
    assert read_stack(folder) == STACK


def test_the_stack_file_holds_the_keys_that_users_rely_on(tmp_path: Path) -> None:
    folder = StackFolder(tmp_path, tmp_path / "stack.json")
    write_stack(folder, STACK)
    assert set(json.loads(folder.stack_file.read_text())) == {
        "aws_endpoint_url",
        "aws_access_key_id",
        "aws_secret_access_key",
        "region",
        "intake_bucket",
        "archive_bucket",
        "events_queue_url",
        "callback_base_url",
        "provider_url",
        "provider_api_key",
        "state_machine_arn",
        "table_name",
        "daily_credit_limit",
    }


def test_the_stack_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = StackFolder(tmp_path, tmp_path / "stack.json")
    write_stack(folder, STACK)
    assert folder.stack_file.stat().st_mode & 0o077 == 0


def test_a_missing_stack_file_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(LocalStackError, match="Run `make up` first"):
        read_stack(StackFolder(tmp_path, tmp_path / "stack.json"))


def test_only_the_buss_own_rule_may_write_to_the_subscribers_queue() -> None:
    statement = allow("arn:rule", "arn:queue")["Statement"]
    assert statement == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": "arn:queue",
            "Condition": {"ArnEquals": {"aws:SourceArn": "arn:rule"}},
        }
    ]


def test_what_an_earlier_stack_left_is_cleared_but_sams_notes_of_its_cache(tmp_path: Path) -> None:
    folder = StackFolder(tmp_path, tmp_path / "stack.json")
    (folder.built / "Hello").mkdir(parents=True)
    for name in ("engine.log", "build.toml", "stack.json"):
        (tmp_path / name).write_text("old")
    clear(folder)
    assert {path.name for path in tmp_path.iterdir()} == {"build.toml", "home", "tmp"}
