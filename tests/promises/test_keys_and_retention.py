"""Keys and retention of the buckets, as a deployment may choose them, with the rights they need."""

import re

import pytest

from tests.promises.deployed import Deployed, deploy
from tests.promises.test_roles import RIGHTS, function_id, rights_of
from tests.support.template import load_template

KEYS = {"IntakeBucket": "${IntakeKeyArn}", "ArchiveBucket": "${ArchiveKeyArn}"}
READS, WRITES = "kms:Decrypt", "kms:GenerateDataKey"
ON_BUCKET = {"IntakeBucket": "${IntakeBucket.Arn}/", "ArchiveBucket": "${ArchiveBucket.Arn}/"}
RULES = {"s3:GetObject": READS, "s3:PutObject": WRITES}


@pytest.fixture(scope="module")
def chosen() -> Deployed:
    keys = frozenset({"HasIntakeKey", "HasArchiveKey", "ArchiveExpires"})
    return deploy(local_engine=False, chosen=keys)


@pytest.mark.parametrize("bucket", KEYS)
def test_a_chosen_key_encrypts_its_bucket(bucket: str, chosen: Deployed) -> None:
    encryption = chosen.properties(bucket)["BucketEncryption"]
    (rule,) = encryption["ServerSideEncryptionConfiguration"]
    by_default = rule["ServerSideEncryptionByDefault"]
    assert by_default == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEYS[bucket]}
    assert rule["BucketKeyEnabled"] is True


@pytest.mark.parametrize("role", [*(function_id(name) + "Role" for name in RIGHTS), "ReaderRole"])
def test_whoever_reads_or_writes_a_bucket_may_use_its_key_so_and_no_more(
    role: str, chosen: Deployed
) -> None:
    rights = rights_of(chosen, role)
    wanted = {
        (action, KEYS[bucket])
        for bucket, prefix in ON_BUCKET.items()
        for s3_action, action in RULES.items()
        if any(resource.startswith(prefix) for resource in rights.get(s3_action, set()))
    }
    given = {(action, key) for action in (READS, WRITES) for key in rights.get(action, set())}
    assert given == wanted


def test_without_a_key_nobody_has_a_right_on_one(on_aws: Deployed) -> None:
    for role in on_aws.of_type("AWS::IAM::Role"):
        keys = {key for key in rights_of(on_aws, role) if key.startswith("kms:")}
        assert keys == set(), role


def test_a_chosen_retention_ends_videos_and_the_versions_beneath_them(chosen: Deployed) -> None:
    (rule,) = chosen.properties("ArchiveBucket")["LifecycleConfiguration"]["Rules"]
    days = "${ArchiveRetentionDays}"
    assert rule["Status"] == "Enabled"
    assert rule["ExpirationInDays"] == days
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": days}


def test_without_a_retention_nothing_is_ever_deleted(on_aws: Deployed) -> None:
    assert on_aws.properties("ArchiveBucket").get("LifecycleConfiguration") is None
    assert "LifecycleConfiguration" not in on_aws.properties("IntakeBucket")


@pytest.mark.parametrize("parameter", ["IntakeKeyArn", "ArchiveKeyArn"])
def test_a_key_is_named_by_its_arn_or_not_at_all(parameter: str) -> None:
    pattern = load_template()["Parameters"][parameter]["AllowedPattern"]
    arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    assert re.fullmatch(pattern, arn)
    assert re.fullmatch(pattern, "")
    assert not re.fullmatch(pattern, "alias/my-key")


def test_videos_are_written_in_a_class_that_can_be_read_at_once() -> None:
    classes = load_template()["Parameters"]["ArchiveStorageClass"]
    assert classes["Default"] == "STANDARD"
    assert not {"GLACIER", "DEEP_ARCHIVE", "REDUCED_REDUNDANCY"} & set(classes["AllowedValues"])
