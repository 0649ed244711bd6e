from typing import Any

import boto3
import pytest

from video_pipeline.adapters import secrets
from video_pipeline.adapters.secrets import Secrets


@pytest.fixture
def client(aws: None) -> Any:
    return boto3.client("secretsmanager")


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The machine's clock, as the first of a list."""
    instants = [1_000.0]
    monkeypatch.setattr(secrets, "time", type("Time", (), {"monotonic": lambda: instants[0]}))
    return instants


def test_a_secret_without_a_value_is_empty(client: Any) -> None:
    name = client.create_secret(Name="provider")["ARN"]
    assert Secrets(client).value(name) == ""


def test_white_space_around_a_pasted_key_is_not_part_of_it(client: Any) -> None:
    name = client.create_secret(Name="provider", SecretString="  sk-key\n")["ARN"]
    assert Secrets(client).value(name) == "sk-key"


def test_a_new_value_is_seen_after_a_minute(client: Any, now: list[float]) -> None:
    name = client.create_secret(Name="provider", SecretString="old")["ARN"]
    known = Secrets(client)
    assert known.value(name) == "old"
    client.put_secret_value(SecretId=name, SecretString="new")
    now[0] += 59
    assert known.value(name) == "old"
    now[0] += 2
    assert known.value(name) == "new"


def test_a_key_put_into_an_empty_secret_is_seen_after_a_minute(
    client: Any, now: list[float]
) -> None:
    name = client.create_secret(Name="provider")["ARN"]
    known = Secrets(client)
    assert known.value(name) == ""
    client.put_secret_value(SecretId=name, SecretString="sk-key")
    now[0] += 61
    assert known.value(name) == "sk-key"


def test_while_one_key_replaces_the_other_both_are_valid(client: Any) -> None:
    name = client.create_secret(Name="callback", SecretString="old")["ARN"]
    assert Secrets(client).current_and_previous(name) == ("old",)
    client.put_secret_value(SecretId=name, SecretString="new")
    assert Secrets(client).current_and_previous(name) == ("new", "old")
