"""Under each function's own role, whatever it must not do is tried, and denied."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.journeys.traveller import Traveller
from tests.promises.test_roles import RIGHTS, function_id
from video_pipeline_cli.doctor.deployed import Deployed, look_up
from video_pipeline_cli.target import open_target

pytestmark = pytest.mark.stack

Client = Callable[[str], Any]
Call = Callable[[Client, Deployed], object]
KEY: Any = {"pk": {"S": "JOB#nobody"}, "sk": {"S": "JOB"}}
DENIED = {"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation"}


def table(stack: Deployed) -> str:
    return stack.target.table


CALLS: dict[tuple[str, str], Call] = {
    ("secretsmanager:GetSecretValue", "${ProviderSecret.Id}"): lambda client, stack: client(
        "secretsmanager"
    ).get_secret_value(SecretId=stack.outputs["ProviderSecretArn"]),
    ("secretsmanager:GetSecretValue", "${CallbackSecret.Id}"): lambda client, stack: client(
        "secretsmanager"
    ).get_secret_value(SecretId=stack.outputs["CallbackSecretArn"]),
    ("secretsmanager:PutSecretValue", "${ProviderSecret.Id}"): lambda client, stack: client(
        "secretsmanager"
    ).put_secret_value(SecretId=stack.outputs["ProviderSecretArn"], SecretString="planted"),
    ("dynamodb:GetItem", "${Ledger.Arn}"): lambda client, stack: client("dynamodb").get_item(
        TableName=table(stack), Key=KEY
    ),
    ("dynamodb:Query", "${Ledger.Arn}"): lambda client, stack: client("dynamodb").query(
        TableName=table(stack),
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": KEY["pk"]},
    ),
    ("dynamodb:PutItem", "${Ledger.Arn}"): lambda client, stack: client("dynamodb").put_item(
        TableName=table(stack), Item=KEY, ConditionExpression="attribute_exists(pk)"
    ),
    ("dynamodb:DeleteItem", "${Ledger.Arn}"): lambda client, stack: client("dynamodb").delete_item(
        TableName=table(stack), Key=KEY
    ),
    ("dynamodb:Scan", "${Ledger.Arn}"): lambda client, stack: client("dynamodb").scan(
        TableName=table(stack), Limit=1
    ),
    ("s3:GetObject", "${ArchiveBucket.Arn}/videos/*"): lambda client, stack: client(
        "s3"
    ).get_object(Bucket=stack.target.archive_bucket, Key="videos/nothing"),
    ("s3:PutObject", "${ArchiveBucket.Arn}/videos/*"): lambda client, stack: client(
        "s3"
    ).put_object(Bucket=stack.target.archive_bucket, Key="videos/planted", Body=b"x"),
    ("s3:DeleteObject", "${ArchiveBucket.Arn}/videos/*"): lambda client, stack: client(
        "s3"
    ).delete_object(Bucket=stack.target.archive_bucket, Key="videos/nothing"),
    ("s3:PutObject", "${IntakeBucket.Arn}/manifests/*"): lambda client, stack: client(
        "s3"
    ).put_object(Bucket=stack.target.intake_bucket, Key="manifests/planted.txt", Body=b"x"),
    ("s3:GetObject", "${IntakeBucket.Arn}/manifests/*"): lambda client, stack: client(
        "s3"
    ).get_object(Bucket=stack.target.intake_bucket, Key="manifests/nothing"),
    ("sqs:SendMessage", "${JobsQueue.Arn}"): lambda client, stack: client("sqs").send_message(
        QueueUrl=stack.outputs["JobsQueueUrl"], MessageBody="{}"
    ),
    ("states:StartExecution", "${VideoJob}"): lambda client, stack: client(
        "stepfunctions"
    ).start_execution(
        stateMachineArn=stack.outputs["StateMachineArn"], name="planted", input="no JSON"
    ),
    ("events:PutEvents", "${Bus.Arn}"): lambda client, stack: client("events").put_events(
        Entries=[
            {
                "Source": "planted",
                "DetailType": "Planted",
                "Detail": "{}",
                "EventBusName": stack.outputs["EventBusName"],
            }
        ]
    ),
    ("iam:ListRoles", "*"): lambda client, _: client("iam").list_roles(),
}
"""Each call with its action and the resource, spelt as in the table of rights."""


@pytest.fixture(scope="module")
def deployed(traveller: Traveller) -> Deployed:
    return look_up(open_target(None, traveller.folder.stack_file))


def client_of(traveller: Traveller, stack: Deployed, name: str) -> Client:
    role = stack.client("iam").get_role(RoleName=stack.id_of(function_id(name) + "Role"))["Role"]
    assumed = stack.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="tests")
    session = boto3.Session(
        assumed["Credentials"]["AccessKeyId"],
        assumed["Credentials"]["SecretAccessKey"],
        assumed["Credentials"]["SessionToken"],
        region_name=traveller.stack.region,
    )
    endpoint = traveller.stack.aws_endpoint_url
    return lambda service: session.client(service, endpoint_url=endpoint)  # type: ignore[call-overload]  # of any service


def is_denied(call: Call, client: Client, stack: Deployed) -> bool:
    try:
        call(client, stack)
    except ClientError as error:
        return error.response["Error"]["Code"] in DENIED
    return False


@pytest.mark.parametrize("name", RIGHTS)
def test_a_function_is_denied_whatever_its_table_does_not_list(
    name: str, traveller: Traveller, deployed: Deployed
) -> None:
    client = client_of(traveller, deployed, name)
    forbidden = {
        (action, place) for action, place in CALLS if place not in RIGHTS[name].get(action, set())
    }
    passed = {each for each in forbidden if not is_denied(CALLS[each], client, deployed)}
    assert passed == set()
    assert len(forbidden) > len(CALLS) / 2


def test_what_the_table_lists_is_not_denied(traveller: Traveller, deployed: Deployed) -> None:
    """Else the test above would pass on an engine that denies everything."""
    client = client_of(traveller, deployed, "submit_job")
    listed = [
        (action, place)
        for action, place in CALLS
        if place in RIGHTS["submit_job"].get(action, set()) and action != "events:PutEvents"
    ]
    assert [each for each in listed if is_denied(CALLS[each], client, deployed)] == []
    assert len(listed) >= 4
