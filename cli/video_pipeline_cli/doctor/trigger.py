"""Whether a drop is heard of, and carried on from queue to queue."""

from collections.abc import Iterator

from video_pipeline_cli.doctor.deployed import Deployed, Resource
from video_pipeline_cli.doctor.finding import Finding, ok, warning, wrong


def bucket_tells(stack: Deployed) -> Iterator[Finding]:
    bucket = stack.target.intake_bucket
    told = stack.client("s3").get_bucket_notification_configuration(Bucket=bucket)
    if "EventBridgeConfiguration" in told:
        yield ok("trigger", f"the intake bucket {bucket} tells EventBridge of every object")
        return
    command = (
        "`aws s3api put-bucket-notification-configuration --notification-configuration "
        f"'{{\"EventBridgeConfiguration\": {{}}}}' --bucket {bucket}`"
    )
    words = f"the intake bucket {bucket} does not tell EventBridge of its objects: no drop is heard"
    yield wrong("trigger", words, f"{command}, then drop again what was not heard")


def rules_are_on(stack: Deployed) -> Iterator[Finding]:
    events = stack.client("events")
    for rule in stack.of_type("AWS::Events::Rule"):
        bus, _, name = rule.id.rpartition("|")  # a rule of another bus is named with it
        where = {"EventBusName": bus} if bus else {}
        state = events.describe_rule(Name=name, **where)["State"]
        targets = events.list_targets_by_rule(Rule=name, **where)["Targets"]
        yield _rule(rule, state, has_target=bool(targets), update=stack.update)


def _rule(rule: Resource, state: str, *, has_target: bool, update: str) -> Finding:
    if state != "ENABLED":
        fix = f"`aws events enable-rule --name {rule.id}`"
        return wrong("trigger", f"the rule {rule.name} is {state.lower()}", fix)
    if not has_target:
        return wrong("trigger", f"the rule {rule.name} has no target left", update)
    return ok("trigger", f"the rule {rule.name} is enabled")


def queues_are_taken_from(stack: Deployed) -> Iterator[Finding]:
    functions = stack.client("lambda")
    for mapping in stack.of_type("AWS::Lambda::EventSourceMapping"):
        state = functions.get_event_source_mapping(UUID=mapping.id)["State"]
        if state in {"Enabled", "Enabling", "Creating", "Updating"}:
            yield ok("trigger", f"the queue mapping {mapping.name} is {state.lower()}")
        else:
            fix = f"`aws lambda update-event-source-mapping --enabled --uuid {mapping.id}`"
            words = f"the queue mapping {mapping.name} is {state.lower()}: its messages wait"
            yield wrong("trigger", words, fix)


def dead_letters(stack: Deployed) -> Iterator[Finding]:
    kept = stack.target.s3.list_objects_v2(
        Bucket=stack.target.intake_bucket, Prefix="dead-letters/", MaxKeys=1000
    )
    count = kept.get("KeyCount", 0)
    if not count:
        yield ok("trigger", "no dead letters are kept")
        return
    words = f"{count:,} dead letters lie under dead-letters/ in {stack.target.intake_bucket}"
    yield warning("trigger", words, "docs/runbook.md, section Dead letters")
