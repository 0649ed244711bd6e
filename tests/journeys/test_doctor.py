"""Each thing that a stack needs is broken on purpose, found by name, and mended again."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from tests.journeys.traveller import Traveller
from video_pipeline.adapters.clock import SystemClock
from video_pipeline.adapters.ledger import items
from video_pipeline.domain.credits import to_units
from video_pipeline_cli.doctor.deployed import Deployed, look_up
from video_pipeline_cli.doctor.examine import doctor
from video_pipeline_cli.target import Target, open_target

pytestmark = pytest.mark.stack

Break = Callable[[Deployed], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def target(traveller: Traveller) -> Target:
    return open_target(None, traveller.folder.stack_file)


@contextmanager
def rule_disabled(stack: Deployed) -> Iterator[None]:
    events, name = stack.client("events"), stack.id_of("ManifestDropped")
    events.disable_rule(Name=name)
    yield
    events.enable_rule(Name=name)


@contextmanager
def mapping_disabled(stack: Deployed) -> Iterator[None]:
    functions, mapping = stack.client("lambda"), stack.id_of("SubmitJobMessages")
    functions.update_event_source_mapping(UUID=mapping, Enabled=False)
    yield
    functions.update_event_source_mapping(UUID=mapping, Enabled=True)


@contextmanager
def notification_gone(stack: Deployed) -> Iterator[None]:
    s3, bucket = stack.client("s3"), stack.target.intake_bucket
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})
    yield
    everything: Any = {"EventBridgeConfiguration": {}}
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=everything)


@contextmanager
def secret(stack: Deployed, output: str, value: str) -> Iterator[None]:
    secrets, name = stack.client("secretsmanager"), stack.outputs[output]
    before = secrets.get_secret_value(SecretId=name)["SecretString"]
    secrets.put_secret_value(SecretId=name, SecretString=value)
    yield
    secrets.put_secret_value(SecretId=name, SecretString=before)


def provider_key_wrong(stack: Deployed) -> AbstractContextManager[None]:
    return secret(stack, "ProviderSecretArn", "sk-of-somebody-else")


def provider_key_missing(stack: Deployed) -> AbstractContextManager[None]:
    return secret(stack, "ProviderSecretArn", " ")


@contextmanager
def callback_secret_empty(stack: Deployed) -> Iterator[None]:
    """Twice empty, because the value before counts as well while one replaces the other."""
    with secret(stack, "CallbackSecretArn", " "), secret(stack, "CallbackSecretArn", " "):
        yield


@contextmanager
def role_stripped(stack: Deployed) -> Iterator[None]:
    iam, role = stack.client("iam"), stack.id_of("ArchiveVideoFunctionRole")
    (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    policy = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    iam.delete_role_policy(RoleName=role, PolicyName=name)
    yield
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=text_of(policy))


@contextmanager
def route_gone(stack: Deployed) -> Iterator[None]:
    gateway, api = stack.client("apigatewayv2"), stack.id_of("CallbackApi")
    (route,) = gateway.get_routes(ApiId=api)["Items"]
    gateway.delete_route(ApiId=api, RouteId=route["RouteId"])
    yield
    gateway.create_route(ApiId=api, RouteKey=route["RouteKey"], Target=route["Target"])


@contextmanager
def cap_used_up(stack: Deployed) -> Iterator[None]:
    day = SystemClock().now().date().isoformat()
    cap = to_units(float(stack.parameters["DailyCreditLimit"]))
    change_of_day(stack, day, cap)
    yield
    change_of_day(stack, day, -cap)


def change_of_day(stack: Deployed, day: str, units: int) -> None:
    stack.target.dynamodb.update_item(
        TableName=stack.target.table,
        Key=items.credits_key(day),
        UpdateExpression="ADD committed :units, reserved :units",
        ExpressionAttributeValues={":units": {"N": str(units)}},
    )


def text_of(policy: Any) -> str:
    return policy if isinstance(policy, str) else json.dumps(policy)


BREAKS: dict[str, tuple[Break, str, str]] = {
    "rule disabled": (rule_disabled, "the rule ManifestDropped is disabled", "enable-rule"),
    "queue mapping disabled": (
        mapping_disabled,
        "the queue mapping SubmitJobMessages is disabled",
        "update-event-source-mapping --enabled",
    ),
    "bucket notification missing": (
        notification_gone,
        "does not tell EventBridge",
        "put-bucket-notification-configuration",
    ),
    "wrong provider key": (provider_key_wrong, "does not take the key", "put-secret-value"),
    "no provider key": (provider_key_missing, "the provider secret is empty", "put-secret-value"),
    "empty callback secret": (
        callback_secret_empty,
        "the callback secret is empty",
        "put-secret-value",
    ),
    "role stripped": (
        role_stripped,
        "the role ArchiveVideoFunctionRole has lost dynamodb:GetItem",
        "ArchiveVideoFunctionRole",
    ),
    "API route gone": (route_gone, "has no route for callbacks", "make down up"),
    "cap used up": (cap_used_up, "credits are taken on", "DailyCreditLimit"),
}


def wrongs(target: Target) -> list[dict[str, str]]:
    answer = doctor(target)
    found = [each for each in answer.document["findings"] if each["verdict"] != "ok"]
    assert answer.code == (1 if found else 0)
    return found


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_thing_is_found_named_and_told_how_to_mend(name: str, target: Target) -> None:
    breaking, words, fix = BREAKS[name]
    with breaking(look_up(target)):
        (found,) = wrongs(target)
    assert words in found["words"]
    assert fix in found["fix"]


def test_what_was_mended_is_well_again(target: Target) -> None:
    assert wrongs(target) == []
