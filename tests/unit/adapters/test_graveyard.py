from tests.support.world import INTAKE, World
from video_pipeline.adapters.graveyard import Graveyard


def test_a_dead_message_is_kept_as_it_came(world: World) -> None:
    key = Graveyard(world.s3, INTAKE).keep("jobs", "message-1", '{"für": "immer"}')
    assert key == "dead-letters/jobs/message-1.json"
    kept = world.s3.get_object(Bucket=INTAKE, Key=key)["Body"].read()
    assert kept.decode() == '{"für": "immer"}'


def test_the_same_message_again_is_the_same_object(world: World) -> None:
    graveyard = Graveyard(world.s3, INTAKE)
    for _ in range(2):
        graveyard.keep("jobs", "message-1", "{}")
    found = world.s3.list_objects_v2(Bucket=INTAKE, Prefix="dead-letters/")
    assert found["KeyCount"] == 1
