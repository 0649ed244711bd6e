"""One callback key replaces the other, and no ring is lost meanwhile."""

import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from video_pipeline.adapters.callback_keys import CallbackKeys
from video_pipeline.adapters.secrets import Secrets
from video_pipeline.domain.capability import grant, is_genuine

JOB = "0123456789abcdef0123456789abcdef"


class Rotating:
    """A secret, the worker that grants by it and the function that is rung, each with its cache."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.name = client.create_secret(Name="callback", SecretString="first")["ARN"]
        self.worker = Secrets(client)
        self.keys = CallbackKeys(Secrets(client), self.name)

    def change(self, key: str) -> None:
        self.client.put_secret_value(SecretId=self.name, SecretString=key)

    def granted(self) -> str:
        return self.worker.value(self.name)

    def hears(self, key: str) -> bool:
        capability = grant(key, JOB, 1)
        return is_genuine(capability, self.keys(capability.key_id))


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    instants = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: instants[0])
    return instants


@pytest.fixture
def rotating(now: list[float]) -> Iterator[Rotating]:
    with mock_aws():
        yield Rotating(boto3.client("secretsmanager", region_name="us-east-1"))


def test_no_ring_is_lost_whenever_the_key_is_changed(rotating: Rotating, now: list[float]) -> None:
    """Every second a call is granted and rung two seconds later, and once more an hour later."""
    granted: list[str] = []
    for second in range(300):
        if second == 120:
            rotating.change("second")
        granted.append(rotating.granted())
        now[0] += 1
        assert all(rotating.hears(key) for key in granted[-3:-1]), second
    now[0] += 3600
    assert set(granted) == {"first", "second"}
    assert all(rotating.hears(key) for key in ("first", "second"))


def test_a_ring_under_a_key_that_was_just_put_is_heard_at_once(
    rotating: Rotating, now: list[float]
) -> None:
    assert rotating.hears("first")
    rotating.change("second")
    now[0] += 2
    assert rotating.hears("second")
    assert rotating.hears("first")


def test_the_third_key_ends_the_first(rotating: Rotating, now: list[float]) -> None:
    rotating.change("second")
    rotating.change("third")
    assert [rotating.hears(key) for key in ("first", "second", "third")] == [False, True, True]


def test_whoever_guesses_makes_it_look_once_in_a_second(
    rotating: Rotating, now: list[float]
) -> None:
    assert rotating.hears("first")
    looks = []
    rotating.client.meta.events.register(
        "before-call.secrets-manager.GetSecretValue", lambda **_: looks.append(1)
    )
    now[0] += 2
    for number in range(50):
        assert not rotating.hears(f"guess {number}")
    assert len(looks) == 2  # the current and the previous value
