"""Which stack a command works on, and with whose credentials."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from local_stack.stack_file import Stack
from tests.cli.conftest import Said
from video_pipeline_cli.answer import CommandError
from video_pipeline_cli.target import open_target

OUTPUTS = {"IntakeBucket": "in", "ArchiveBucket": "out", "LedgerTable": "ledger"}
PARAMETERS = {
    "DailyCreditLimit": "70",
    "RetentionDays": "30",
    "MaxAttempts": "2",
    "StuckAfterHours": "24",
    "ReferencePatienceMinutes": "60",
}


class Formation:
    """A CloudFormation of one stack."""

    def __init__(self, outputs: dict[str, str]) -> None:
        self._outputs = outputs

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803 - boto3's name
        assert StackName == "films"
        outputs = [{"OutputKey": key, "OutputValue": value} for key, value in self._outputs.items()]
        chosen = [
            {"ParameterKey": key, "ParameterValue": value} for key, value in PARAMETERS.items()
        ]
        return {"Stacks": [{"Outputs": outputs, "Parameters": chosen}]}


def deploy(monkeypatch: pytest.MonkeyPatch, outputs: dict[str, str]) -> None:
    class Session:
        def client(self, service: str, **_settings: object) -> object:
            return Formation(outputs) if service == "cloudformation" else object()

    monkeypatch.setattr(boto3, "Session", Session)


def local_file(tmp_path: Path) -> Path:
    texts = {name: name for name in Stack.__dataclass_fields__}
    stack = Stack(**{**texts, "daily_credit_limit": 70, "aws_endpoint_url": "http://127.0.0.1:1"})  # type: ignore[arg-type]  # all but one are texts
    file = tmp_path / "stack.json"
    file.write_text(json.dumps(asdict(stack)))
    return file


def test_a_deployed_stack_is_known_by_its_outputs_and_parameters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deploy(monkeypatch, OUTPUTS)
    found = open_target("films", None)
    assert (found.name, found.intake_bucket, found.archive_bucket) == ("films", "in", "out")
    assert (found.table, found.daily_credits, found.retention_days) == ("ledger", 70, 30)
    assert found.policy.max_attempts == 2
    assert found.policy.stuck_after == timedelta(hours=24)


def test_a_stack_that_is_no_pipeline_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    deploy(monkeypatch, {})
    with pytest.raises(CommandError, match="films is no video pipeline"):
        open_target("films", None)


def test_the_local_stack_is_used_without_the_callers_aws_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "of-somebody-else")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://production.test")
    found = open_target(None, local_file(tmp_path))
    assert "AWS_PROFILE" not in os.environ
    assert found.s3.meta.endpoint_url == "http://127.0.0.1:1"


def test_a_broken_stack_file_is_named(run: Callable[..., Said], tmp_path: Path) -> None:
    broken = tmp_path / "stack.json"
    broken.write_text("{}")
    said = run("status", "--stack-file", broken)
    assert said.code == 1
    assert "does not describe a local stack" in said
