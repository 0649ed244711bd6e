"""The end of a drop: its report is written once, before the end is told, and says the same."""

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.support.world import INTAKE, ONE_REQUEST, World
from tests.unit.adapters.stored import DROP
from tests.unit.domain.jobs import ARCHIVED, NOW
from video_pipeline.adapters.reports import as_csv
from video_pipeline.domain.answers import Unknown
from video_pipeline.domain.completion_report import completion_report
from video_pipeline.domain.drop import Drop
from video_pipeline.domain.job import Job
from video_pipeline.domain.redrive import Wish
from video_pipeline.domain.request import VideoRequest

THREE = {"jobs": [{**ONE_REQUEST, "name": name} for name in ("good", "bad", "lost")]}
KEY = "manifests/a/m.json"
COMPLETED = "Manifest Completed"


def report(world: World, drop: Drop) -> Any:
    key = f"receipts/a/m.json/{drop.id}.report.json"
    return json.loads(world.s3.get_object(Bucket=INTAKE, Key=key)["Body"].read())


def lines(world: World, drop: Drop) -> list[dict[str, str]]:
    key = f"receipts/a/m.json/{drop.id}.report.csv"
    text = world.s3.get_object(Bucket=INTAKE, Key=key)["Body"].read().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def versions(world: World, drop: Drop) -> int:
    listed = world.s3.list_object_versions(Bucket=INTAKE, Prefix=f"receipts/a/m.json/{drop.id}.rep")
    return len(listed["Versions"])


def ended_in_three_ways(world: World) -> Drop:
    drop = world.drop(KEY, THREE)
    good, bad, lost = world.drops.jobs_of(drop.id)
    for job in (good, bad):
        world.spin(job)
    world.provider.finish("task-unified-1")
    world.provider.fail("content_policy_violation", "task-unified-2")
    world.provider.answers.append(lambda _: Unknown("timed out"))
    for job in (lost, good, bad):
        world.spin(job)
    closed = world.drops.drop(drop.id)
    assert closed is not None
    return closed


def test_whatever_the_ends_were_the_report_has_each_and_their_sums(world: World) -> None:
    drop = ended_in_three_ways(world)
    told = report(world, drop)
    assert [(job["name"], job["end"], job["charged"]) for job in told["jobs"]] == [
        ("good", "archived", "yes"),
        ("bad", "failed", "no"),
        ("lost", "unconfirmed", "unknown"),
    ]
    assert told["jobs"][0]["key"] == "videos/a/m/good/video.mp4"
    totals = told["totals"]
    assert totals["ends"] == {"archived": 1, "failed": 1, "unconfirmed": 1}
    assert totals["reasons"] == {"archived": 1, "moderation": 1, "unconfirmed": 1}
    assert (totals["credits"], totals["credits_reserved"]) == (13.0, 13.5)


def test_the_event_names_the_report_and_says_what_it_says(world: World) -> None:
    drop = ended_in_three_ways(world)
    (told,) = (e for e in world.published if e["DetailType"] == COMPLETED)
    detail = json.loads(told["Detail"])
    place = detail["report"]["json"]
    body = world.s3.get_object(Bucket=place["bucket"], Key=place["key"])["Body"].read()
    written = json.loads(body)
    assert {name: detail[name] for name in written["totals"]} == written["totals"]
    assert detail["time"] == written["completed"]
    csv_key = detail["report"]["csv"]["key"]
    assert csv_key == f"receipts/a/m.json/{drop.id}.report.csv"


def test_the_table_has_a_line_for_each_job_with_end_cost_and_key(world: World) -> None:
    table = lines(world, ended_in_three_ways(world))
    assert [(line["name"], line["end"], float(line["credits"])) for line in table] == [
        ("good", "archived", 13.0),
        ("bad", "failed", 0.0),
        ("lost", "unconfirmed", 0.0),
    ]
    assert table[0]["key"] == "videos/a/m/good/video.mp4"
    assert table[1]["key"] == ""


def test_a_crash_between_report_and_close_changes_neither(world: World) -> None:
    """The lost job is found before the next try: report and event still tell one moment."""
    drop = world.drop(KEY, {"jobs": [{**ONE_REQUEST, "name": "lost"}]})
    (job,) = world.drops.jobs_of(drop.id)
    world.close_drop = replace(world.close_drop, drops=_Crashing(world))
    world.advance_job = replace(world.advance_job, close_drop=world.close_drop)
    world.provider.answers.append(lambda _: Unknown("timed out"))
    with pytest.raises(ConnectionError):
        world.spin(job)
    world.close_drop = replace(world.close_drop, drops=world.drops)
    world.advance_job = replace(world.advance_job, close_drop=world.close_drop)
    world.clock.advance(minutes=5)
    world.spin(job)
    closed = world.drops.drop(drop.id)
    assert closed is not None
    assert closed.completion is not None
    assert closed.completion.detail["time"] == report(world, drop)["completed"]
    assert versions(world, drop) == 2, "one of each file"


class _Crashing:
    """The ledger's drops, whose function dies as it closes one."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world.drops, name)

    def close(self, *_: object) -> Drop:
        raise ConnectionError("killed")


def test_two_that_close_at_once_write_one_report_and_one_event(world: World) -> None:
    drop = ended_in_three_ways(world)
    open_still = replace(drop, completion=None)
    world.clock.advance(minutes=1)
    again = world.close_drop(open_still)
    assert again.completion == drop.completion
    assert versions(world, drop) == 2


def test_a_missing_table_is_made_of_the_report_that_is_there(world: World) -> None:
    drop = ended_in_three_ways(world)
    key = f"receipts/a/m.json/{drop.id}.report.csv"
    before = lines(world, drop)
    world.s3.delete_object(Bucket=INTAKE, Key=key)
    world.close_drop(replace(drop, closings=0))
    assert lines(world, drop) == before


def test_a_drop_that_ends_again_after_a_redrive_has_a_second_report(world: World) -> None:
    drop = ended_in_three_ways(world)
    first = report(world, drop)
    _, bad, _ = world.drops.jobs_of(drop.id)
    world.redrive(bad, Wish())
    world.spin(bad)
    task_id = world.job(bad).task_id
    assert task_id is not None
    world.provider.finish(task_id)
    world.spin(bad)
    told = [json.loads(e["Detail"]) for e in world.published if e["DetailType"] == COMPLETED]
    places = [detail["report"]["json"]["key"] for detail in told]
    assert places == [f"receipts/a/m.json/{drop.id}{which}.report.json" for which in ("", "-2")]
    assert report(world, drop) == first, "what was reported stays"
    assert [detail["ends"]["archived"] for detail in told] == [1, 2]


def test_a_drop_whose_jobs_were_bought_before_says_so(world: World) -> None:
    drop = ended_in_three_ways(world)
    again = world.drop(KEY, THREE)
    totals = report(world, again)["totals"]
    assert totals["credits"] == report(world, drop)["totals"]["credits_of_this_drop"] == 13.0
    assert totals["credits_of_this_drop"] == 0


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])  # noqa: RUF001 - the wide signs are meant
def test_no_text_can_act_as_a_formula_in_a_spreadsheet(first: str) -> None:
    message = f'{first}HYPERLINK("https://evil.test","click")'
    job = replace(ARCHIVED, reason="archived", message=message)
    table = as_csv(completion_report(DROP, [job], NOW))
    (line,) = csv.DictReader(io.StringIO(table, newline=""))
    assert line["message"] == f"'{message}"


def test_ten_thousand_jobs_are_reported_in_bounded_memory() -> None:
    """What a job asked for and went through is read and let go."""
    request = VideoRequest(prompt="long " * 2000, image_urls=("https://example.com/a.png",))

    def many() -> Iterator[Job]:
        for number in range(10_000):
            prompt = f"{number} {request.prompt}"
            yield replace(
                ARCHIVED,
                id=f"{number:032x}",
                name=f"job-{number:05d}",
                reason="archived",
                request=replace(request, prompt=prompt),
            )

    tracemalloc.start()
    try:
        told = completion_report(replace(DROP, total=10_000), many(), NOW)
        table = as_csv(told)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(table.splitlines()) == 10_001
    assert peak < 64 * 1024 * 1024
