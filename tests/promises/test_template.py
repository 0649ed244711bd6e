"""What the template promises about resources, parameters and the local engine."""

import tomllib
from typing import Any

import pytest

from tests.promises.deployed import Deployed
from tests.support.intrinsics import statements
from tests.support.template import ROOT, load_template

TEMPLATE = load_template()
PARAMETERS: dict[str, dict[str, Any]] = TEMPLATE["Parameters"]
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]
ON_AWS_ALONE = {"IntakeBucketPolicy", "ArchiveBucketPolicy", "EventArchive", "EventRegistry"}
ON_AWS_ALONE |= {"NothingArchived"}
BUCKETS = ("IntakeBucket", "ArchiveBucket")
# CloudFormation demands these names; each holds the stack's, so that two stacks do not collide.
MUST_BE_NAMED = {"AWS::Events::EventBus", "AWS::ApiGatewayV2::Api", "AWS::SSM::Parameter"}
NAMES = ["Name", "FunctionName", "QueueName", "TableName", "BucketName", "RoleName"]
NAMES += ["StateMachineName", "LogGroupName", "ManagedPolicyName"]


def conditions_in(value: Any, path: str = "") -> dict[str, str]:
    """Return where the template decides by a condition, with the condition's name."""
    found: dict[str, str] = {}
    if isinstance(value, dict):
        if "Fn::If" in value:
            found[path] = value["Fn::If"][0]
        for name, part in value.items():
            found |= conditions_in(part, f"{path}.{name}" if path else name)
    if isinstance(value, list):
        for part in value:
            found |= conditions_in(part, path)
    return found


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_says_what_it_is_and_has_a_default_that_works(name: str) -> None:
    parameter = PARAMETERS[name]
    assert parameter["Description"].endswith(".")
    assert "Default" in parameter
    if "AllowedValues" in parameter:
        assert parameter["Default"] in parameter["AllowedValues"]
    if parameter["Type"] == "Number":
        assert "AllowedValues" in parameter or "MinValue" in parameter
        assert parameter.get("MinValue", 0) <= parameter["Default"]
        assert parameter["Default"] <= parameter.get("MaxValue", parameter["Default"])


def test_every_parameter_is_shown_in_a_group() -> None:
    groups = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    assert sorted(name for group in groups for name in group["Parameters"]) == sorted(PARAMETERS)


def test_the_defaults_are_those_of_a_deployment_on_aws() -> None:
    assert PARAMETERS["LocalEngine"]["Default"] == "false"
    assert PARAMETERS["CallbackBaseUrl"]["Default"] == ""
    assert PARAMETERS["AllowedLocalHosts"]["Default"] == ""
    assert PARAMETERS["ProviderBaseUrl"]["Default"] == "https://api.evolink.ai"
    assert PARAMETERS["PythonRuntime"]["Default"] == "python3.13"
    assert PARAMETERS["Architecture"]["Default"] == "arm64"


@pytest.mark.parametrize("name", BUCKETS)
def test_a_bucket_is_versioned_private_encrypted_and_retained(name: str, on_aws: Deployed) -> None:
    bucket = on_aws.resources[name]
    properties = bucket["Properties"]
    assert bucket["DeletionPolicy"] == bucket["UpdateReplacePolicy"] == "Retain"
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(properties["PublicAccessBlockConfiguration"]) == 4
    (rule,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert properties["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]


@pytest.mark.parametrize("name", BUCKETS)
def test_a_bucket_on_aws_refuses_whatever_is_not_encrypted_on_its_way(
    name: str, on_aws: Deployed
) -> None:
    policy = on_aws.properties(f"{name}Policy")
    (statement,) = statements(policy["PolicyDocument"])
    assert policy["Bucket"] == "${" + name + "}"
    assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
    assert statement["Action"] == "s3:*"
    arn = "${" + name + ".Arn}"
    assert statement["Resource"] == [arn, f"{arn}/*"]
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_only_drops_under_manifests_are_heard_of() -> None:
    assert RESOURCES["ManifestDropped"]["Properties"]["EventPattern"] == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {
            "bucket": {"name": [{"Ref": "IntakeBucket"}]},
            "object": {"key": [{"prefix": "manifests/"}]},
        },
    }
    notification = RESOURCES["IntakeBucket"]["Properties"]["NotificationConfiguration"]
    assert notification == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}


def test_the_ledger_can_be_restored_and_is_never_deleted_with_the_stack() -> None:
    ledger = RESOURCES["Ledger"]
    assert ledger["DeletionPolicy"] == ledger["UpdateReplacePolicy"] == "Retain"
    properties = ledger["Properties"]
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["SSESpecification"] == {"SSEEnabled": True}
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    ttl = {"AttributeName": "expires_at", "Enabled": True}
    assert properties["TimeToLiveSpecification"] == ttl


def test_the_ledger_has_two_indexes_and_neither_copies_a_request() -> None:
    indexes = {
        index["IndexName"]: index
        for index in RESOURCES["Ledger"]["Properties"]["GlobalSecondaryIndexes"]
    }
    assert set(indexes) == {"open_jobs", "jobs_by_manifest"}
    for index in indexes.values():
        projected = set(index["Projection"]["NonKeyAttributes"])
        assert index["Projection"]["ProjectionType"] == "INCLUDE"
        assert projected <= {"id", "name", "state"}


def test_a_secret_holds_no_value_that_the_template_knows() -> None:
    assert set(RESOURCES["ProviderSecret"]["Properties"]) == {"Description"}
    callback = RESOURCES["CallbackSecret"]["Properties"]
    assert set(callback) == {"Description", "GenerateSecretString"}
    assert callback["GenerateSecretString"]["PasswordLength"] >= 32


def test_functions_share_one_log_whose_lines_are_deleted_in_time(on_aws: Deployed) -> None:
    assert on_aws.properties("Logs")["RetentionInDays"] == "${LogRetentionDays}"
    for function in on_aws.of_type("AWS::Lambda::Function").values():
        assert function["LoggingConfig"]["LogGroup"] == "${Logs}"


def test_an_execution_is_traced_and_logged_by_parameter_and_never_with_its_data() -> None:
    machine = RESOURCES["VideoJob"]["Properties"]
    condition, chosen, otherwise = machine["Logging"]["Fn::If"]
    assert (condition, otherwise) == ("LogsRuns", {"Ref": "AWS::NoValue"})
    assert chosen["IncludeExecutionData"] is False
    assert machine["Tracing"] == {"Enabled": {"Fn::If": ["IsTraced", True, False]}}
    function = TEMPLATE["Globals"]["Function"]
    assert function["Tracing"] == {"Fn::If": ["IsTraced", "Active", "PassThrough"]}
    assert (PARAMETERS["Tracing"]["Default"], PARAMETERS["RunLogLevel"]["Default"]) == (
        "false",
        "OFF",
    )


def test_no_concurrency_is_reserved_because_new_accounts_have_none_to_give(
    on_aws: Deployed,
) -> None:
    for function in on_aws.of_type("AWS::Lambda::Function").values():
        assert "ReservedConcurrentExecutions" not in function


def test_nothing_has_a_fixed_name(on_aws: Deployed) -> None:
    for name, resource in on_aws.resources.items():
        if resource["Type"] in {"AWS::Lambda::Permission", "AWS::Lambda::EventSourceMapping"}:
            continue  # these refer to a function by its name
        for field in NAMES:
            given = resource.get("Properties", {}).get(field)
            if given is None:
                continue
            assert resource["Type"] in MUST_BE_NAMED, f"{name} has the fixed name {given}"
            assert "${AWS::StackName}" in given


def test_the_machine_is_a_standard_one(on_aws: Deployed) -> None:
    assert on_aws.properties("VideoJob")["StateMachineType"] == "STANDARD"


def test_a_local_run_leaves_out_only_what_the_local_engine_cannot_take() -> None:
    """It speaks plain http, takes no parameter as a number, knows no machine by its token,
    compares no figures of alarms, and has neither archives of events nor a registry of schemas.
    """
    conditional = {
        name for name, resource in RESOURCES.items() if resource.get("Condition") == "OnAws"
    }
    assert conditional == ON_AWS_ALONE
    places = {path for path, name in conditions_in(RESOURCES).items() if name == "OnAws"}
    assert places == {
        "ManifestsQueuePolicy.Properties.PolicyDocument.Statement",
        "SubmitJobMessages.Properties.ScalingConfig",
        "SubmitJobFunction.Properties.Policies.Statement.Resource",
        "BuryJobFunction.Properties.Policies.Statement.Resource",
        "ReceiveCallbackFunction.Properties.Policies.Statement.Resource",
    }


def test_on_the_laptop_everything_else_is_as_on_aws(on_aws: Deployed, on_laptop: Deployed) -> None:
    assert set(on_aws.resources) - set(on_laptop.resources) == ON_AWS_ALONE
    assert set(on_laptop.resources) <= set(on_aws.resources)
    differing = {
        name for name, resource in on_laptop.resources.items() if resource != on_aws.resources[name]
    }
    assert differing == {
        "ManifestsQueuePolicy",
        "SubmitJobMessages",
        "SubmitJobFunction",  # the callback's address
        "SubmitJobFunctionRole",
        "BuryJobFunctionRole",
        "ReceiveCallbackFunctionRole",
    }


def test_the_stack_tells_the_version_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert TEMPLATE["Outputs"]["Version"]["Value"] == project["version"]


def test_outputs_are_explained_and_the_main_ones_are_parameters_too(on_aws: Deployed) -> None:
    for output in TEMPLATE["Outputs"].values():
        assert output["Description"].endswith(".")
    told = {
        output["Value"].get("Ref")
        for name, output in TEMPLATE["Outputs"].items()
        if name != "Version"
    }
    parameters = on_aws.of_type("AWS::SSM::Parameter").values()
    shared = {parameter["Value"].strip("${}") for parameter in parameters}
    assert shared == {"IntakeBucket", "ArchiveBucket", "Bus", "VideoJob", "Ledger"}
    assert shared <= told


def test_what_was_told_can_be_told_again_for_a_time_that_is_chosen(on_aws: Deployed) -> None:
    archive = on_aws.properties("EventArchive")
    assert archive["SourceArn"] == "${Bus.Arn}"
    assert archive["RetentionDays"] == "${EventRetentionDays}"
    assert archive["EventPattern"] == {"source": ["video-pipeline"]}
