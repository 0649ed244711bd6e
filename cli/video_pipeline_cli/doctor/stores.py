"""The ledger, the buckets and the state machine as the code expects them, and whose version."""

from collections.abc import Iterator
from importlib.metadata import version

from video_pipeline_cli.doctor.deployed import Deployed
from video_pipeline_cli.doctor.finding import Finding, ok, warning, wrong

INDEXES = ("jobs_by_manifest", "open_jobs")


def ledger(stack: Deployed) -> Iterator[Finding]:
    table = stack.target.dynamodb.describe_table(TableName=stack.target.table)["Table"]
    states = {
        index.get("IndexName", ""): index.get("IndexStatus", "ACTIVE")
        for index in table.get("GlobalSecondaryIndexes", [])
    }
    bad = [name for name in INDEXES if states.get(name) != "ACTIVE"]
    if table.get("TableStatus") != "ACTIVE" or bad:
        words = f"the ledger {stack.target.table} is {table.get('TableStatus')}, without {bad}"
        yield wrong("schemas", words, f"wait until it is active, or {stack.update}")
    else:
        yield ok("schemas", f"the ledger {stack.target.table} and its two indexes are active")


def buckets(stack: Deployed) -> Iterator[Finding]:
    for bucket in (stack.target.intake_bucket, stack.target.archive_bucket):
        state = stack.target.s3.get_bucket_versioning(Bucket=bucket).get("Status", "Suspended")
        if state == "Enabled":
            yield ok("schemas", f"the bucket {bucket} keeps versions")
            continue
        fix = (
            "`aws s3api put-bucket-versioning --versioning-configuration Status=Enabled "
            f"--bucket {bucket}`"
        )
        yield wrong("schemas", f"the bucket {bucket} keeps no versions", fix)


def machine(stack: Deployed) -> Iterator[Finding]:
    arn = stack.outputs["StateMachineArn"]
    state = stack.client("stepfunctions").describe_state_machine(stateMachineArn=arn)["status"]
    if state == "ACTIVE":
        yield ok("schemas", "the state machine is active")
    else:
        yield wrong("schemas", f"the state machine is {state.lower()}", stack.update)


def versions(stack: Deployed) -> Iterator[Finding]:
    ours, theirs = version("video-pipeline"), stack.outputs.get("Version", "unknown")
    if ours == theirs:
        yield ok("versions", f"stack and command are both {ours}")
    else:
        fix = "check out the stack's version for this command, or deploy this one: docs/upgrade.md"
        yield warning("versions", f"the stack is {theirs}, this command {ours}", fix)
