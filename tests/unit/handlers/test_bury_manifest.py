from tests.support.world import INTAKE, World
from tests.unit.handlers.conftest import DOCUMENTED_VERSION, KEY, MANIFEST, Functions, trigger


def test_a_drop_that_nobody_could_take_in_is_rejected_and_told(
    world: World, function: Functions
) -> None:
    bury_manifest = function("bury_manifest")
    assert bury_manifest(trigger("bury_manifest")) == {"batchItemFailures": []}
    (told,) = bury_manifest.called("events:PutEvents")
    assert told["Entries"][0]["DetailType"] == "Manifest Rejected"
    receipt = world.receipt("receipts/spring/früher tee.json.json")
    assert (receipt["state"], receipt["errors"][0]["code"]) == ("rejected", "undeliverable")


def test_the_message_is_kept_as_it_came(world: World, function: Functions) -> None:
    event = trigger("bury_manifest")
    function("bury_manifest")(event)
    (record,) = event["Records"]
    key = f"dead-letters/manifests/{record['messageId']}.json"
    kept = world.s3.get_object(Bucket=INTAKE, Key=key)["Body"].read()
    assert kept.decode() == record["body"]


def test_a_drop_that_was_half_taken_in_is_finished(world: World, function: Functions) -> None:
    dropped = world.put(KEY, MANIFEST)
    world.submit_manifest(dropped)
    assert dropped.version_id is not None
    bury_manifest = function("bury_manifest")
    bury_manifest(trigger("bury_manifest", **{DOCUMENTED_VERSION: dropped.version_id}))
    assert len(bury_manifest.called("states:StartExecution")) == 1
    assert world.receipt("receipts/spring/früher tee.json.json")["state"] == "accepted"


def test_a_message_that_nobody_can_read_is_kept_all_the_same(
    world: World, function: Functions
) -> None:
    event = trigger("bury_manifest")
    event["Records"][0]["body"] = "no JSON"
    assert function("bury_manifest")(event) == {"batchItemFailures": []}
    key = f"dead-letters/manifests/{event['Records'][0]['messageId']}.json"
    assert world.s3.get_object(Bucket=INTAKE, Key=key)["Body"].read() == b"no JSON"
