"""The command beside a pipeline in one process; waiting for it is what moves that one on."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws
from PIL import Image
from pytest_socket import disable_socket
from typer.testing import CliRunner

from tests.support.world import ARCHIVE, INTAKE, ONE_REQUEST, TABLE, World
from video_pipeline.domain.drop import Drop
from video_pipeline.use_cases.submit_manifest import DroppedObject
from video_pipeline_cli import target
from video_pipeline_cli.main import app
from video_pipeline_cli.target import Target


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)

    def __contains__(self, words: str) -> bool:
        return words in " ".join((self.out + self.err).split())


@pytest.fixture(autouse=True)
def _no_network() -> None:
    disable_socket(allow_unix_socket=True)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        yield World()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    monkeypatch.setenv("COLUMNS", "100")

    def invoke(*words: object) -> Said:
        result = CliRunner().invoke(app, [str(word) for word in words])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return Said(result.exit_code, result.stdout, result.stderr)

    return invoke


@pytest.fixture
def pipeline(world: World, monkeypatch: pytest.MonkeyPatch) -> Target:
    """The world as a stack of the command; it is opened whatever was named."""
    opened = Target(
        name="local",
        s3=world.s3,
        dynamodb=world.dynamodb,
        intake_bucket=INTAKE,
        archive_bucket=ARCHIVE,
        table=TABLE,
        client=boto3.client,  # type: ignore[arg-type]  # of whatever service is named
        clock=world.clock,
        sleep=lambda seconds: live(world, seconds),
    )
    monkeypatch.setattr(target, "open_target", lambda _stack, _file: opened)
    return opened


def nobody(service: str) -> object:
    """Stand for every service that this world does not have."""
    raise EndpointConnectionError(endpoint_url=f"https://{service}.test")


def live(world: World, seconds: float) -> None:
    """Let the pipeline do all that it can in a while, with a provider that always succeeds."""
    world.clock.advance(seconds=seconds)
    listed = world.s3.list_objects_v2(Bucket=INTAKE, Prefix="manifests/")
    for found in listed.get("Contents", []):
        drop = world.submit_manifest(world_object(found["Key"]))
        for job in world.drops.jobs_of(drop.id) if isinstance(drop, Drop) else ():
            world.spin(job)
            task_id = world.job(job).task_id
            if task_id is not None and not world.job(job).is_ended:
                world.provider.finish(task_id)
                world.spin(job)


def world_object(key: str) -> DroppedObject:
    return DroppedObject(INTAKE, key, None)


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """A manifest of one job, its picture beside it."""
    Image.new("RGB", (640, 480), "#c05020").save(tmp_path / "bottle.png")
    file = tmp_path / "tea.json"
    request = {**ONE_REQUEST, "name": "tea", "image_urls": ["bottle.png"]}
    file.write_text(json.dumps(request))
    return file
