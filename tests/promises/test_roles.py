"""What each role may do, written down a second time: a right too many or too few fails here.

The local engine enforces the functions' own policies; it enforces neither the state machine's
role nor the managed policy that lets functions write logs.
"""

from collections import defaultdict

import pytest

from tests.promises.deployed import Deployed
from tests.support.intrinsics import listed, statements
from tests.support.template import ROOT

Rights = dict[str, set[str]]
"""Actions, each with the resources on which it is allowed."""

LEDGER = "${Ledger.Arn}"
MACHINE = "${VideoJob}"
INTAKE = "${IntakeBucket.Arn}"
ARCHIVE = "${ArchiveBucket.Arn}"
MANIFESTS, RECEIPTS = f"{INTAKE}/manifests/*", f"{INTAKE}/receipts/*"
VIDEOS = "${ArchiveBucket.Arn}/videos/*"
RUNS_OF_MACHINE = (
    "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:${VideoJob.Name}:*"
)
BASIC_LOGGING = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
PUTTING_TRACES = "arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess"


def on_ledger(*verbs: str) -> Rights:
    return {f"dynamodb:{verb}": {LEDGER} for verb in verbs}


def takes_from(queue: str) -> Rights:
    verbs = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
    return {f"sqs:{verb}": {"${" + queue + ".Arn}"} for verb in verbs}


TAKES_MANIFESTS_IN: Rights = {
    "s3:GetObject": {MANIFESTS, RECEIPTS},
    "s3:GetObjectVersion": {MANIFESTS},
    "s3:ListBucket": {INTAKE},
    **on_ledger("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem"),
    "states:StartExecution": {MACHINE},
    "events:PutEvents": {"${Bus.Arn}"},
    "sqs:SendMessage": {"${ManifestsQueue.Arn}"},
}

RIGHTS: dict[str, Rights] = {
    "submit_manifest": {
        **TAKES_MANIFESTS_IN,
        "s3:PutObject": {RECEIPTS},
        **takes_from("ManifestsQueue"),
    },
    "bury_manifest": {
        **TAKES_MANIFESTS_IN,
        "s3:PutObject": {RECEIPTS, f"{INTAKE}/dead-letters/manifests/*"},
        **takes_from("DeadManifestsQueue"),
    },
    "submit_job": {
        **on_ledger("BatchGetItem", "GetItem", "PutItem", "UpdateItem"),
        "secretsmanager:GetSecretValue": {"${ProviderSecret.Id}", "${CallbackSecret.Id}"},
        "states:StartExecution": {MACHINE},
        "states:SendTaskSuccess": {MACHINE},
        "sts:AssumeRole": {"${ReaderRole.Arn}"},
        "events:PutEvents": {"${Bus.Arn}"},
        **takes_from("JobsQueue"),
    },
    "bury_job": {
        "s3:PutObject": {f"{INTAKE}/dead-letters/jobs/*"},
        "states:SendTaskFailure": {MACHINE},
        **takes_from("DeadJobsQueue"),
    },
    "advance_job": {
        **on_ledger("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem"),
        "s3:GetObject": {RECEIPTS},
        "s3:PutObject": {RECEIPTS},
        "s3:ListBucket": {INTAKE},
        "secretsmanager:GetSecretValue": {"${ProviderSecret.Id}"},
        "states:StartExecution": {MACHINE},
        "events:PutEvents": {"${Bus.Arn}"},
    },
    "receive_callback": {
        **on_ledger("UpdateItem"),
        "secretsmanager:GetSecretValue": {"${CallbackSecret.Id}"},
        "states:StartExecution": {MACHINE},
        "states:SendTaskSuccess": {MACHINE},
    },
    "archive_video": {
        **on_ledger("GetItem", "PutItem", "UpdateItem"),
        "s3:GetObject": {VIDEOS},
        "s3:GetObjectVersion": {VIDEOS},
        "s3:PutObject": {VIDEOS},
        "s3:PutObjectTagging": {VIDEOS},
        "s3:ListBucket": {"${ArchiveBucket.Arn}"},
    },
    "continue_run": {
        **on_ledger("GetItem", "UpdateItem"),
        "states:StartExecution": {MACHINE},
    },
    "reconcile": {
        **on_ledger("GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem"),
        "dynamodb:Query": {LEDGER, f"{LEDGER}/index/open_jobs"},
        "secretsmanager:GetSecretValue": {"${ProviderSecret.Id}"},
        "s3:GetObject": {VIDEOS, RECEIPTS},
        "s3:PutObject": {RECEIPTS},
        "s3:ListBucket": {INTAKE, "${ArchiveBucket.Arn}"},
        "events:PutEvents": {"${Bus.Arn}"},
        "states:StartExecution": {MACHINE},
        "states:DescribeExecution": {RUNS_OF_MACHINE},
    },
    "measure": {
        **on_ledger("GetItem", "BatchGetItem"),
        "dynamodb:Query": {f"{LEDGER}/index/open_jobs"},
    },
}
"""What the code of each function calls, and on what."""


def function_id(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_")) + "Function"


def rights_of(stack: Deployed, role: str) -> Rights:
    documents = [
        policy["PolicyDocument"] for policy in stack.properties(role).get("Policies", [])
    ] + [
        policy["PolicyDocument"]
        for policy in stack.of_type("AWS::IAM::Policy").values()
        if "${" + role + "}" in policy["Roles"]
    ]
    rights: defaultdict[str, set[str]] = defaultdict(set)
    for document in documents:
        for statement in statements(document):
            assert statement["Effect"] == "Allow"
            for action in listed(statement["Action"]):
                rights[action] |= set(listed(statement["Resource"]))
    return dict(rights)


def test_every_function_has_its_rights_written_down() -> None:
    assert set(RIGHTS) == {path.parent.name for path in ROOT.glob("functions/*/handler.py")}


@pytest.mark.parametrize("name", RIGHTS)
def test_a_function_may_do_what_its_code_does_and_no_more(name: str, on_aws: Deployed) -> None:
    assert rights_of(on_aws, function_id(name) + "Role") == RIGHTS[name]


@pytest.mark.parametrize("name", RIGHTS)
def test_a_function_has_a_role_of_its_own(name: str, on_aws: Deployed) -> None:
    own = "${" + function_id(name) + "Role.Arn}"
    roles = [function["Role"] for function in on_aws.of_type("AWS::Lambda::Function").values()]
    assert on_aws.properties(function_id(name))["Role"] == own
    assert roles.count(own) == 1


def test_no_role_holds_a_wildcard(on_aws: Deployed) -> None:
    for role in on_aws.of_type("AWS::IAM::Role"):
        for action, resources in rights_of(on_aws, role).items():
            assert "*" not in action
            for resource in resources:
                assert resource.startswith(("${", "arn:${AWS::Partition}:states:")), resource


def test_functions_write_logs_and_traces_by_managed_policies_and_have_no_other(
    on_aws: Deployed,
) -> None:
    """SAM adds them; they allow nothing but to write into log streams and to put traces."""
    for name, role in on_aws.of_type("AWS::IAM::Role").items():
        wanted = [BASIC_LOGGING, PUTTING_TRACES] if name.endswith("FunctionRole") else []
        assert role.get("ManagedPolicyArns", []) == wanted, name


@pytest.mark.parametrize(
    ("role", "service"),
    [(function_id(name) + "Role", "lambda.amazonaws.com") for name in RIGHTS]
    + [("VideoJobRole", "states.amazonaws.com")],
)
def test_a_role_is_for_its_service_alone(role: str, service: str, on_aws: Deployed) -> None:
    (statement,) = statements(on_aws.properties(role)["AssumeRolePolicyDocument"])
    assert listed(statement["Principal"]["Service"]) == [service]


def test_only_submit_job_reads_references_and_nothing_else_with_that_role(
    on_aws: Deployed,
) -> None:
    (statement,) = statements(on_aws.properties("ReaderRole")["AssumeRolePolicyDocument"])
    assert statement["Principal"] == {"AWS": "${SubmitJobFunctionRole.Arn}"}
    assert rights_of(on_aws, "ReaderRole") == {
        "s3:GetObject": {f"{INTAKE}/*", f"{ARCHIVE}/videos/*"},
        "s3:ListBucket": {INTAKE, ARCHIVE},
    }


def test_the_laptop_differs_in_the_machine_of_a_token_alone(
    on_aws: Deployed, on_laptop: Deployed
) -> None:
    """The local engine cannot tell which machine a token belongs to."""
    tokens = {"states:SendTaskSuccess", "states:SendTaskFailure"}
    for role in on_aws.of_type("AWS::IAM::Role"):
        here = rights_of(on_laptop, role)
        for action, resources in rights_of(on_aws, role).items():
            assert here[action] == ({"*"} if action in tokens else resources)
