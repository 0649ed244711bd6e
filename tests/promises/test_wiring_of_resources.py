"""Who may call whom: resource policies, queues and triggers, which the local engine lets pass."""

from typing import Any

import pytest

from tests.promises.deployed import Deployed
from tests.promises.test_roles import RIGHTS, function_id, rights_of
from tests.support.intrinsics import listed, statements
from tests.support.template import load_template

PARAMETERS = load_template()["Parameters"]
DEAD_LETTERS = {"ManifestsQueue": "DeadManifestsQueue", "JobsQueue": "DeadJobsQueue"}
TAKERS = {
    "ManifestsQueue": "submit_manifest",
    "DeadManifestsQueue": "bury_manifest",
    "JobsQueue": "submit_job",
    "DeadJobsQueue": "bury_job",
}
NEEDS = {
    "STATE_MACHINE_ARN": {
        "submit_manifest",
        "bury_manifest",
        "submit_job",
        "bury_job",
        "receive_callback",
        "continue_run",
        "reconcile",
    },
    "CALLBACK_BASE_URL": {"submit_job"},
    "CALLBACK_SECRET_ARN": {"submit_job", "receive_callback"},
    "PROVIDER_SECRET_ARN": {"submit_job", "advance_job", "reconcile"},
    "PROVIDER_BASE_URL": {"submit_job", "advance_job", "reconcile"},
    "ALLOWED_LOCAL_HOSTS": {"submit_job", "advance_job", "archive_video", "reconcile"},
    "READER_ROLE_ARN": {"submit_job"},
}


def default(value: Any) -> Any:
    """Return the default of a parameter that stands as `${Name}`, or the value itself."""
    if isinstance(value, str) and value.strip("${}") in PARAMETERS:
        return PARAMETERS[value.strip("${}")]["Default"]
    return value


def mapping_of(stack: Deployed, queue: str) -> dict[str, Any]:
    source = "${" + queue + ".Arn}"
    mappings = stack.of_type("AWS::Lambda::EventSourceMapping").values()
    (found,) = [mapping for mapping in mappings if mapping["EventSourceArn"] == source]
    return found


def test_every_queue_has_one_taker(on_aws: Deployed) -> None:
    assert set(on_aws.of_type("AWS::SQS::Queue")) == set(TAKERS)
    assert len(on_aws.of_type("AWS::Lambda::EventSourceMapping")) == len(TAKERS)


@pytest.mark.parametrize(("queue", "name"), TAKERS.items())
def test_the_taker_of_a_queue_may_take(queue: str, name: str, on_aws: Deployed) -> None:
    assert mapping_of(on_aws, queue)["FunctionName"] == "${" + function_id(name) + "}"
    rights = rights_of(on_aws, function_id(name) + "Role")
    for verb in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
        assert rights[f"sqs:{verb}"] == {"${" + queue + ".Arn}"}


@pytest.mark.parametrize("queue", TAKERS)
def test_a_bad_message_holds_no_other_up(queue: str, on_aws: Deployed) -> None:
    mapping = mapping_of(on_aws, queue)
    assert mapping["BatchSize"] == 1
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize(("queue", "name"), TAKERS.items())
def test_a_message_stays_hidden_six_times_as_long_as_its_taker_may_run(
    queue: str, name: str, on_aws: Deployed
) -> None:
    hidden = default(on_aws.properties(queue)["VisibilityTimeout"])
    assert hidden >= 6 * default(on_aws.properties(function_id(name))["Timeout"])


@pytest.mark.parametrize("queue", TAKERS)
def test_a_queue_is_encrypted_and_keeps_messages_for_two_weeks(
    queue: str, on_aws: Deployed
) -> None:
    """EventBridge cannot send to a queue under the key that AWS manages."""
    properties = on_aws.properties(queue)
    assert properties["SqsManagedSseEnabled"] is True
    assert "KmsMasterKeyId" not in properties
    assert properties["MessageRetentionPeriod"] == 14 * 24 * 3600


@pytest.mark.parametrize(("queue", "dead"), DEAD_LETTERS.items())
def test_what_a_queue_gives_up_on_is_kept(queue: str, dead: str, on_aws: Deployed) -> None:
    redrive = on_aws.properties(queue)["RedrivePolicy"]
    assert redrive["deadLetterTargetArn"] == "${" + dead + ".Arn}"
    assert redrive["maxReceiveCount"] >= 3


def test_the_pace_toward_the_provider_is_one_that_lambda_takes(on_aws: Deployed) -> None:
    pace = mapping_of(on_aws, "JobsQueue")["ScalingConfig"]["MaximumConcurrency"]
    assert pace == "${SubmitConcurrency}"
    limits = PARAMETERS["SubmitConcurrency"]
    assert (limits["MinValue"], limits["MaxValue"]) == (2, 1000)


def test_the_paid_call_has_room_within_its_function(on_aws: Deployed) -> None:
    call = PARAMETERS["CreateTimeoutSeconds"]["Default"]
    assert PARAMETERS["SubmitTimeoutSeconds"]["Default"] >= call + 20


def test_only_the_drop_rule_may_send_to_the_manifests_queue(on_aws: Deployed) -> None:
    policy = on_aws.properties("ManifestsQueuePolicy")
    assert policy["Queues"] == ["${ManifestsQueue}"]
    allow, deny = statements(policy["PolicyDocument"])
    assert allow == {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": "${ManifestsQueue.Arn}",
        "Condition": {"ArnEquals": {"aws:SourceArn": "${ManifestDropped.Arn}"}},
    }
    assert (deny["Effect"], deny["Action"]) == ("Deny", "sqs:*")
    (target,) = on_aws.properties("ManifestDropped")["Targets"]
    assert target["Arn"] == "${ManifestsQueue.Arn}"


@pytest.mark.parametrize(
    ("function", "principal"),
    [
        ("ReceiveCallbackFunction", "apigateway.amazonaws.com"),
        ("ContinueRunFunction", "events.amazonaws.com"),
        ("ReconcileFunction", "events.amazonaws.com"),
        ("MeasureFunction", "events.amazonaws.com"),
    ],
)
def test_who_calls_a_function_may_call_it_from_one_source(
    function: str, principal: str, on_aws: Deployed
) -> None:
    permissions = on_aws.of_type("AWS::Lambda::Permission").values()
    (own,) = [each for each in permissions if each["FunctionName"] == "${" + function + "}"]
    assert own["Action"] == "lambda:InvokeFunction"
    assert own["Principal"] == principal
    rules = {
        "${" + name + ".Arn}"
        for name, rule in on_aws.of_type("AWS::Events::Rule").items()
        if "${" + function + ".Arn}" in [target["Arn"] for target in rule["Targets"]]
    }
    api = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${CallbackApi}/*"
    assert own["SourceArn"] in rules | {api}


def test_nobody_else_may_call_a_function(on_aws: Deployed) -> None:
    assert len(on_aws.of_type("AWS::Lambda::Permission")) == 4


def test_runs_that_die_are_continued(on_aws: Deployed) -> None:
    (rule,) = [
        rule
        for rule in on_aws.of_type("AWS::Events::Rule").values()
        if rule["Targets"][0]["Arn"] == "${ContinueRunFunction.Arn}"
    ]
    assert rule["EventPattern"] == {
        "source": ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        "detail": {
            "stateMachineArn": ["${VideoJob}"],
            "status": ["FAILED", "TIMED_OUT", "ABORTED"],
        },
    }


def test_the_callback_has_one_route_and_its_path_is_never_logged(on_aws: Deployed) -> None:
    (route,) = on_aws.of_type("AWS::ApiGatewayV2::Route").values()
    assert route["RouteKey"] == "POST /callbacks/{job_id}/{attempt}/{key_id}/{proof}"
    assert route["Target"] == "integrations/${CallbackIntegration}"
    integration = on_aws.properties("CallbackIntegration")
    assert integration["PayloadFormatVersion"] == "2.0"
    assert integration["IntegrationUri"] == "${ReceiveCallbackFunction.Arn}"
    log = on_aws.properties("CallbackStage")["AccessLogSettings"]["Format"]
    assert "$context.routeKey" in log
    assert "path" not in log.lower()


@pytest.mark.parametrize(("variable", "names"), NEEDS.items())
def test_a_function_is_told_only_what_it_needs(
    variable: str, names: set[str], on_aws: Deployed
) -> None:
    told = {
        name
        for name in RIGHTS
        if variable in on_aws.properties(function_id(name))["Environment"]["Variables"]
    }
    assert told == names


def test_no_secret_stands_in_an_environment(on_aws: Deployed) -> None:
    for function in on_aws.of_type("AWS::Lambda::Function").values():
        for name, value in function["Environment"]["Variables"].items():
            assert not str(value).startswith("{{resolve:"), name
            if "SECRET" in name:
                assert name.endswith("_ARN")


def test_the_media_layer_is_laid_only_where_bytes_are_read(on_aws: Deployed) -> None:
    for name in RIGHTS:
        layers = listed(on_aws.properties(function_id(name))["Layers"])
        heavy = [layer for layer in layers if layer.startswith("${MediaLayer")]
        assert len(heavy) == (name in {"archive_video", "submit_job"}), name
