"""The same version of a reference is measured once, however many jobs name it."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from tests.support.world import TABLE, World
from tests.unit.adapters.test_references import LINK, MOV, PNG, REQUEST, Told, Web, partial
from video_pipeline.adapters.ledger import items
from video_pipeline.adapters.ledger.known_media import DynamoKnownMedia
from video_pipeline.adapters.ranged_file import RangedFile
from video_pipeline.adapters.references import S3References
from video_pipeline.domain.errors import FetchFailedError
from video_pipeline.domain.media import MediaFacts, Reference
from video_pipeline.domain.request import VideoRequest

PICTURE = "s3://brand/a.png"
FACTS = MediaFacts("png", 640, 480)


class Studio:
    """References over a ledger that knows media; counts what is asked of S3 and measured."""

    def __init__(self, world: World, web: Web | None = None) -> None:
        self.world = world
        self.measured = 0
        self.calls: Counter[str] = Counter()
        world.s3.meta.events.register("before-call.s3.*", self._count)
        known = DynamoKnownMedia(world.dynamodb, TABLE, world.clock)
        self.references = S3References(
            lambda _bucket: world.s3,
            web or Web(FetchFailedError("not asked for")),
            measure=self._measure,
            known=known,
        )

    def _count(self, model: Any, **_: object) -> None:
        self.calls[model.name] += 1

    def _measure(self, _file: RangedFile) -> MediaFacts:
        self.measured += 1
        return FACTS

    def look(self, request: VideoRequest) -> tuple[Reference, ...]:
        checked = self.references.check(request)
        assert (checked.problems, checked.missing) == ((), ())
        return checked.references


@pytest.fixture
def studio(world: World) -> Studio:
    world.s3.create_bucket(Bucket="brand")
    versioned: Any = {"Status": "Enabled"}
    world.s3.put_bucket_versioning(Bucket="brand", VersioningConfiguration=versioned)
    world.s3.put_object(Bucket="brand", Key="a.png", Body=PNG)
    return Studio(world)


def with_picture(*urls: str) -> VideoRequest:
    return replace(REQUEST, image_urls=urls or (PICTURE,))


def test_a_hundred_jobs_read_their_picture_once(studio: Studio) -> None:
    studio.calls.clear()
    found = {studio.look(with_picture()) for _ in range(100)}
    assert len(found) == 1
    assert (studio.measured, studio.calls["GetObject"]) == (1, 1)


def test_what_was_measured_is_told_with_version_and_hash(studio: Studio) -> None:
    (reference,) = studio.look(with_picture())
    head = studio.world.s3.head_object(Bucket="brand", Key="a.png")
    assert reference == Reference(
        field="image_urls",
        index=0,
        source=PICTURE,
        size=len(PNG),
        facts=FACTS,
        version_id=head["VersionId"],
        etag=head["ETag"].strip('"'),
    )
    assert studio.look(with_picture()) == (reference,)


def test_a_new_version_is_measured_anew(studio: Studio) -> None:
    (old,) = studio.look(with_picture())
    studio.world.s3.put_object(Bucket="brand", Key="a.png", Body=PNG)
    (new,) = studio.look(with_picture())
    assert (studio.measured, old.version_id == new.version_id) == (2, False)


def test_a_picture_that_is_known_is_no_video(studio: Studio) -> None:
    studio.look(with_picture())
    checked = studio.references.check(replace(REQUEST, video_urls=(PICTURE,)))
    assert [problem.code for problem in checked.problems] == ["reference_format"]


def test_a_limit_is_held_for_what_is_known_too(studio: Studio) -> None:
    studio.world.s3.put_object(Bucket="brand", Key="v.mov", Body=MOV)
    request = replace(REQUEST, video_urls=("s3://brand/v.mov",))
    codes = [[p.code for p in studio.references.check(request).problems] for _ in range(2)]
    assert codes[0] == codes[1] == ["reference_frame_size"]
    assert studio.measured == 1


def test_what_is_gone_is_missing_though_it_was_known(studio: Studio) -> None:
    studio.look(with_picture())
    studio.world.s3.delete_object(Bucket="brand", Key="a.png")
    checked = studio.references.check(with_picture())
    assert [problem.code for problem in checked.missing] == ["reference_missing"]


def test_what_is_known_is_forgotten_after_a_month(studio: Studio) -> None:
    studio.look(with_picture())
    scanned = studio.world.dynamodb.scan(TableName=TABLE)["Items"]
    (known,) = [item for item in scanned if item["pk"]["S"].startswith("MEDIA#")]
    days = (items.plain(known["expires_at"]) - studio.world.clock.now().timestamp()) / 86_400
    assert days == pytest.approx(30, abs=0.1)


@pytest.mark.parametrize(
    ("etag", "measured"), [('"abc-1"', 1), ('W/"abc-1"', 2), ("", 2), ("abc", 2)]
)
def test_a_link_is_known_by_a_strong_tag_alone(world: World, etag: str, measured: int) -> None:
    told = partial(PNG, 5_000)
    web = Web(Told(told.content, 206, {**told.headers, "etag": etag}))
    studio = Studio(world, web)
    first, second = (studio.look(with_picture(LINK)) for _ in range(2))
    assert studio.measured == measured
    assert first == second
    assert first[0].etag == ("abc-1" if measured == 1 else None)
    assert "secret" not in str(first)


def test_a_file_replaced_while_it_is_read_is_looked_at_again(world: World) -> None:
    world.s3.create_bucket(Bucket="brand")
    world.s3.put_object(Bucket="brand", Key="a.png", Body=PNG + bytes(200_000))

    def measure(file: RangedFile) -> MediaFacts:
        world.s3.put_object(Bucket="brand", Key="a.png", Body=PNG + bytes(300_000))
        file.read_at(150_000, 10)
        return FACTS

    web = Web(FetchFailedError("not asked for"))
    checked = S3References(lambda _bucket: world.s3, web, measure=measure).check(with_picture())
    assert [problem.code for problem in checked.missing] == ["reference_changed"]
