"""The figures that alarms and dashboard are made of, read from the log as CloudWatch does."""

import json
from collections.abc import Iterator
from typing import Any

from tests.support.world import World
from tests.unit.handlers.conftest import Function, Functions, trigger
from video_pipeline.domain.control import paused_by_person
from video_pipeline.domain.job import Job, JobState

Series = dict[tuple[str, ...], float]


def figures_in(log: str) -> Series:
    """Return the last value of every metric by its name and dimensions."""
    found: Series = {}
    for line in log.splitlines():
        if '"_aws"' in line:
            found |= dict(_figures(json.loads(line)))
    return found


def _figures(line: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], float]]:
    described = line["_aws"]["CloudWatchMetrics"][0]
    dimensions = [str(line[name]) for name in described["Dimensions"][0] if name != "service"]
    assert line["service"] == "video-pipeline"
    for metric in described["Metrics"]:
        yield (metric["Name"], *dimensions), line[metric["Name"]][0]


def measured(function: Functions) -> tuple[Series, Function]:
    measure = function("measure")
    measure(trigger("measure"))
    return figures_in(measure.log), measure


def test_every_state_is_told_of_although_it_is_empty(world: World, function: Functions) -> None:
    figures, _ = measured(function)
    for state in JobState:
        assert figures["Jobs", state] == figures["OldestSeconds", state] == 0
    assert figures["LinksAtRisk",] == figures["Paused",] == figures["CapUsed",] == 0
    assert figures["CreditsLeft",] == 500


def test_the_oldest_job_of_a_stage_is_told(world: World, job: Job, function: Functions) -> None:
    world.clock.advance(minutes=10)
    figures, _ = measured(function)
    assert figures["Jobs", "accepted"] == 1
    assert 600 <= figures["OldestSeconds", "accepted"] < 601


def test_the_days_credits_are_told_with_what_is_left(
    world: World, job: Job, function: Functions
) -> None:
    world.spin(job)
    figures, _ = measured(function)
    assert (figures["CreditsReserved",], figures["CreditsCharged",]) == (13.5, 0)
    assert figures["CreditsLeft",] == 486.5
    assert round(figures["CapUsed",], 1) == 2.7


def test_a_finished_video_that_is_not_archived_is_at_risk_before_its_link_ends(
    world: World, job: Job, function: Functions
) -> None:
    world.fetcher.default = None  # no link can be fetched
    world.spin(job)
    world.provider.finish()
    world.spin(job)
    assert measured(function)[0]["LinksAtRisk",] == 0
    world.clock.advance(hours=18, minutes=1)
    assert measured(function)[0]["LinksAtRisk",] == 1


def test_a_pause_is_told(world: World, function: Functions) -> None:
    change = paused_by_person(world.account.control(), "tests", world.clock.now())
    assert change is not None
    assert world.account.change(change)
    assert measured(function)[0]["Paused",] == 1


def test_no_figure_names_a_job(world: World, job: Job, function: Functions) -> None:
    _, measure = measured(function)
    assert job.id not in measure.log
