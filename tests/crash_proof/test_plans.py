"""A planned blow falls where it should, as often as it should, whoever asks."""

from pathlib import Path

import pytest

from crash_proof.inside.plans import EVERYONE, Blow, Where, blow_at, write_plan

HERE: Where = ("submit_job", "dynamodb.GetItem", 1, "before")
THERE: Where = ("submit_job", "dynamodb.GetItem", 1, "after")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("plans", "claims"):
        (tmp_path / name).mkdir()
    return tmp_path


def falls(folder: Path, subject: str, where: Where, visits: int) -> list[bool]:
    return [blow_at(folder, subject, where) is not None for _ in range(visits)]


def test_without_a_plan_nobody_dies(folder: Path) -> None:
    assert falls(folder, "job", HERE, 2) == [False, False]


def test_a_blow_falls_once_at_its_point_and_nowhere_else(folder: Path) -> None:
    write_plan(folder, "job", [Blow("b", where=HERE)])
    assert falls(folder, "another", HERE, 1) == [False]
    assert falls(folder, "job", THERE, 1) == [False]
    assert falls(folder, "job", HERE, 3) == [True, False, False]


def test_a_blow_may_spare_some_visits_and_then_fall_repeatedly(folder: Path) -> None:
    write_plan(folder, "job", [Blow("b", where=HERE, times=2, spared=1)])
    assert falls(folder, "job", HERE, 5) == [False, True, True, False, False]


def test_an_empty_part_fits_anything(folder: Path) -> None:
    write_plan(folder, "job", [Blow("b", where=("submit_job", "", 0, ""), times=9)])
    assert falls(folder, "job", THERE, 1) == [True]
    assert falls(folder, "job", ("advance_job", "s3.PutObject", 1, "after"), 1) == [False]


def test_a_blow_may_fall_at_each_point_that_is_come_by_first(folder: Path) -> None:
    write_plan(folder, "job", [Blow("b", where=("submit_job", "", 0, ""), each=True)])
    assert falls(folder, "job", HERE, 2) == [True, False]
    assert falls(folder, "job", THERE, 2) == [True, False]


def test_what_is_planned_for_everyone_falls_on_whoever_comes_first(folder: Path) -> None:
    write_plan(folder, EVERYONE, [Blow("b", where=HERE)])
    assert [blow_at(folder, name, HERE) is not None for name in ("a", "b")] == [True, False]


def test_a_function_without_a_subject_dies_by_its_own_plan(folder: Path) -> None:
    write_plan(folder, "reconcile", [Blow("b", where=("reconcile", "", 0, ""))])
    assert falls(folder, "", ("reconcile", "dynamodb.Query", 1, "before"), 1) == [True]


def test_chance_is_drawn_from_names_alone_so_a_seed_plays_the_same_again(folder: Path) -> None:
    wheres: list[Where] = [("advance_job", "x", n, "after") for n in range(2_000)]
    drawn = [[where for where in wheres if Blow("7/3", chance=0.1).hits(where)] for _ in "ab"]
    assert drawn[0] == drawn[1]
    assert 100 < len(drawn[0]) < 300
    assert drawn[0] != [where for where in wheres if Blow("8/3", chance=0.1).hits(where)]


def test_the_point_and_the_subject_come_back_as_they_were_written(folder: Path) -> None:
    blow = Blow("killed/at a point", where=HERE, seconds=1.5)
    write_plan(folder, "manifests/a b/c.json", [blow])
    assert blow_at(folder, "manifests/a b/c.json", HERE) == blow
