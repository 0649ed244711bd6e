"""A function as AWS runs it: its own environment and rights, and its log read along."""

import importlib.util
import json
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.support.template import ROOT
from tests.support.world import CALLBACK_KEY, INTAKE, FakeFetcher, World
from tests.unit.handlers.calls import Call, calls_in
from tests.unit.handlers.deployment import PROVIDER_KEY, TEMPLATE, Deployment, deploy
from video_pipeline import wiring
from video_pipeline.adapters import aws as clients
from video_pipeline.domain.job import Job
from video_pipeline.log import logger

KEY = "manifests/spring/früher tee.json"
DOCUMENTED_VERSION = "3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY-MTRCxf3vjVBH40Nr8X8gdRQBpUMLUo"
PROMPT = "A planted prompt about the bottle in image 1"
MANIFEST = {"name": "tea", "prompt": PROMPT, "image_urls": ["bottle.png"]}
TOKEN = "AQCQAAAAKgAAAAMAAAAAAAAAAXkcz5Wd4HqTn1i2w8Q7"
PROOF = str(
    json.loads((ROOT / "events/triggers/receive_callback.json").read_text("utf-8"))[
        "pathParameters"
    ]["proof"]
)
SECRETS = (PROVIDER_KEY, CALLBACK_KEY, PROMPT, TOKEN, PROOF, "signature=planted", "X-Amz-")

Handler = Callable[[dict[str, Any], "FakeContext"], dict[str, Any]]
Functions = Callable[[str], "Function"]


@dataclass
class FakeContext:
    """What AWS tells a function about its invocation."""

    milliseconds_left: int = 120_000
    function_name: str = "function"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:function"
    aws_request_id: str = "52fdfc07-2182-454f-963f-5f0f9a621d72"

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds_left


@dataclass
class Function:
    """One function; called, it is held to its role and its log to secrecy."""

    name: str
    handler: Handler
    deployment: Deployment
    read_output: Callable[[], str]
    context: FakeContext = field(default_factory=FakeContext)
    calls: list[Call] = field(default_factory=list)
    log: str = ""

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        try:
            return self.handler(event, self.context)
        except Exception:
            self.log += traceback.format_exc()  # as AWS logs what a function lets through
            raise
        finally:
            self.log += self.read_output()
            for secret in SECRETS:
                assert secret not in self.log, f"{self.name} logs {secret}"
            for call in self.calls:
                allowed = self.deployment.may(self.name, call.action, call.resource)
                assert allowed, f"{self.name} may not {call.action} on {call.resource}"

    def called(self, action: str) -> list[dict[str, Any]]:
        """Return what was sent with each call of an action."""
        return [call.sent for call in self.calls if call.action == action]

    def hear(self, params: dict[str, Any], model: Any, **_: object) -> None:
        self.calls += calls_in(model.service_model.service_id, model.name, params)


def trigger(name: str, **changes: str) -> dict[str, Any]:
    """Read a document of events/triggers, with some of its words replaced."""
    text = (ROOT / "events" / "triggers" / f"{name}.json").read_text("utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    document: dict[str, Any] = json.loads(text)
    return document


def lay_reference(world: World) -> None:
    """Lay the picture that the manifest names beside it."""
    body = BytesIO()
    Image.new("RGB", (640, 360), "teal").save(body, "PNG")
    world.s3.put_object(Bucket=INTAKE, Key="manifests/spring/bottle.png", Body=body.getvalue())


@pytest.fixture
def job(world: World) -> Job:
    """The job that the documents of events/triggers tell of, as its drop left it."""
    lay_reference(world)
    drop = world.drop(KEY, MANIFEST)
    (found,) = world.drops.jobs_of(drop.id)
    return found


@pytest.fixture
def deployment(world: World) -> Deployment:
    return deploy()


@pytest.fixture
def fetcher(world: World) -> FakeFetcher:
    return world.fetcher


@pytest.fixture
def function(
    world: World,
    fetcher: FakeFetcher,
    deployment: Deployment,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Functions:
    """Load functions one by one, with the world's clock, provider and fetched files."""
    _forget_what_was_built()
    monkeypatch.setattr(wiring, "SystemClock", lambda: world.clock)
    monkeypatch.setattr(wiring, "_provider", lambda: world.provider)
    guarded = "video_pipeline.adapters.guarded_fetch.GuardedFetcher"
    monkeypatch.setattr(guarded, lambda *_, **__: fetcher)

    def load(name: str) -> Function:
        _enter_environment(deployment.environment(name), monkeypatch)
        _log_to_this_output(monkeypatch)
        loaded = Function(name, _handler_of(name), deployment, lambda: "".join(capsys.readouterr()))
        for client in every_client():
            client.meta.events.register("provide-client-params.*.*", loaded.hear)
        return loaded

    return load


def _forget_what_was_built() -> None:
    for module in (wiring, clients):
        for builder in vars(module).values():
            if hasattr(builder, "cache_clear"):
                builder.cache_clear()


def _log_to_this_output(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one log keeps the output that it was made with, which was another test's."""
    monkeypatch.setattr(logger.registered_handler, "stream", sys.stdout)


def _enter_environment(variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Set a function's variables, and none that belongs to another function."""
    everyone = TEMPLATE["Resources"].values()
    for resource in everyone:
        known = resource["Properties"].get("Environment", {}).get("Variables", {})
        for name in known:
            monkeypatch.delenv(name, raising=False)
    for name, value in {**variables, "AWS_REGION": "us-east-1"}.items():
        monkeypatch.setenv(name, value)


def _handler_of(name: str) -> Handler:
    path = ROOT / "functions" / name / "handler.py"
    spec = importlib.util.spec_from_file_location(f"{name}_handler", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Handler = module.handler
    return found


def every_client() -> list[Any]:
    return [
        clients.dynamodb(),
        clients.s3(),
        clients.s3_once(),
        clients.step_functions(),
        clients.events(),
        clients.secrets_manager(),
        clients.sts(),
        clients.sqs(),
    ]
