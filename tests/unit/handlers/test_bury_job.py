from tests.support.world import INTAKE, World
from tests.unit.handlers.conftest import TOKEN, Functions, trigger


def test_the_wheel_is_told_that_its_order_died(world: World, function: Functions) -> None:
    bury_job = function("bury_job")
    assert bury_job(trigger("bury_job")) == {"batchItemFailures": []}
    (failed,) = bury_job.called("states:SendTaskFailure")
    assert (failed["taskToken"], failed["error"]) == (TOKEN, "JobUndeliverable")


def test_the_hub_understands_what_the_burial_says(world: World, function: Functions) -> None:
    bury_job = function("bury_job")
    bury_job(trigger("bury_job"))
    (failed,) = bury_job.called("states:SendTaskFailure")
    error = trigger("advance_job_undeliverable")["state"]["error"]
    assert error == {"Error": failed["error"], "Cause": failed["cause"]}


def test_the_order_is_kept_as_it_came(world: World, function: Functions) -> None:
    event = trigger("bury_job")
    function("bury_job")(event)
    (record,) = event["Records"]
    key = f"dead-letters/jobs/{record['messageId']}.json"
    kept = world.s3.get_object(Bucket=INTAKE, Key=key)["Body"].read()
    assert kept.decode() == record["body"]


def test_an_order_that_nobody_can_read_is_kept_all_the_same(
    world: World, function: Functions
) -> None:
    event = trigger("bury_job")
    event["Records"][0]["body"] = "no JSON"
    assert function("bury_job")(event) == {"batchItemFailures": []}
    assert world.s3.list_objects_v2(Bucket=INTAKE, Prefix="dead-letters/jobs/")["KeyCount"] == 1
