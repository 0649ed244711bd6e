from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.world import INTAKE, World
from tests.unit.adapters.stored import DROP
from video_pipeline.adapters import intake
from video_pipeline.adapters.intake import S3Intake, S3Receipts
from video_pipeline.domain.drop import Drop
from video_pipeline.domain.receipt import Receipt, receipt

KEY = "manifests/a b/früher.json"
LATEST = "receipts/a/m.json.json"


def shown(world: World, key: str = LATEST) -> Any:
    return {"says": world.receipt(key)["next_step"]}


def saying(words: str) -> Receipt:
    return replace(receipt(DROP, ()), next_step=words)


def write(world: World, drop: Drop, says: str) -> None:
    S3Receipts(world.s3).write(drop, saying(says))


def test_the_named_version_is_read(world: World) -> None:
    old, new = world.put(KEY, b"old"), world.put(KEY, b"new")
    assert old.version_id != new.version_id
    found = S3Intake(world.s3).open(INTAKE, KEY, old.version_id)
    assert found is not None
    assert (found.read(0, 9), found.version_id) == (b"old", old.version_id)


def test_without_a_version_the_newest_is_read_and_named(world: World) -> None:
    world.put(KEY, b"old")
    new = world.put(KEY, b"new")
    found = S3Intake(world.s3).open(INTAKE, KEY, None)
    assert found is not None
    assert (found.read(0, 9), found.version_id) == (b"new", new.version_id)


def test_what_was_deleted_is_none(world: World) -> None:
    version = world.put(KEY, b"old").version_id
    world.s3.delete_object(Bucket=INTAKE, Key=KEY)
    reader = S3Intake(world.s3)
    assert reader.open(INTAKE, KEY, None) is None
    assert reader.open(INTAKE, KEY, version) is not None


def test_a_bucket_that_refuses_is_no_missing_manifest(world: World) -> None:
    with pytest.raises(ClientError):
        S3Intake(world.s3).open("no-such-bucket", KEY, None)


def test_a_long_manifest_is_fetched_piece_by_piece(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "FIRST_BYTES", 4)
    world.put(KEY, b"0123456789")
    found = S3Intake(world.s3).open(INTAKE, KEY, None)
    assert found is not None
    world.put(KEY, b"a newer version")
    assert found.size == 10
    assert [found.read(first, 4) for first in (0, 2, 4, 8)] == [b"0123", b"2345", b"4567", b"89"]


def test_a_store_that_ignores_ranges_is_read_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "FIRST_BYTES", 4)
    world.put(KEY, b"0123456789")
    found = S3Intake(world.s3).open(INTAKE, KEY, None)
    assert found is not None
    get = world.s3.get_object
    monkeypatch.setattr(world.s3, "get_object", lambda Range, **place: get(**place))  # noqa: N803, ARG005 - S3's name
    assert [found.read(first, 4) for first in (1, 5, 8)] == [b"1234", b"5678", b"89"]


def test_an_empty_manifest_is_no_trouble_to_read(world: World) -> None:
    world.put(KEY, b"")
    found = S3Intake(world.s3).open(INTAKE, KEY, None)
    assert found is not None
    assert (found.size, found.read(0, 0)) == (0, b"")


def test_a_receipt_is_written_for_the_drop_and_as_the_latest(world: World) -> None:
    write(world, DROP, "hello")
    assert shown(world) == shown(world, "receipts/a/m.json/drop-1.json") == {"says": "hello"}


def test_a_newer_view_replaces_an_older_one(world: World) -> None:
    write(world, replace(DROP, view=1), "first")
    write(world, replace(DROP, view=2), "second")
    assert shown(world) == {"says": "second"}


def test_an_older_view_never_replaces_a_newer_one(world: World) -> None:
    write(world, replace(DROP, view=10), "tenth")
    write(world, replace(DROP, view=9), "ninth")
    assert shown(world) == {"says": "tenth"}


def test_an_older_drop_never_replaces_the_latest_receipt_of_a_newer_one(world: World) -> None:
    newer = replace(DROP, id="drop-2", dropped_at=DROP.dropped_at + timedelta(seconds=1))
    write(world, newer, "newer drop")
    write(world, replace(DROP, view=99), "older drop")
    assert shown(world) == {"says": "newer drop"}
    assert shown(world, "receipts/a/m.json/drop-1.json") == {"says": "older drop"}


@pytest.mark.parametrize("first", [True, False], ids=["both are first", "both replace"])
def test_of_two_that_write_at_once_the_newer_view_stays(
    first: bool, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one writes between our look and our write."""
    if not first:
        write(world, replace(DROP, view=1), "first")
    receipts = S3Receipts(world.s3)
    look = receipts._condition
    others = [replace(DROP, view=3)]

    def look_then_lose(bucket: str, key: str, order: str) -> dict[str, Any] | None:
        condition = look(bucket, key, order)
        if others:
            write(world, others.pop(), "third")
        return condition

    monkeypatch.setattr(receipts, "_condition", look_then_lose)
    receipts.write(replace(DROP, view=2), saying("second"))
    assert shown(world) == {"says": "third"}
