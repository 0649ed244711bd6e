"""What a schedule calls is called one call after the other, with death at every new point."""

import time
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from crash_proof.inside.plans import blow_at
from crash_proof.scheduled import LATER, SOON, Scheduled

if TYPE_CHECKING:
    from crash_proof.world import World

RECONCILE = "stack-ReconcileFunction-1"


@dataclass
class Stage:
    """A world with one scheduled function, whose calls end when the test says so."""

    crashes: Path
    calls: list[Future[bool]] = field(default_factory=list)

    def scheduled_functions(self) -> list[str]:
        return [RECONCILE]

    def call_function(self, name: str) -> bool:
        raise NotImplementedError(name)


class ByHand(Executor):
    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        self._stage.calls.append(Future())
        return self._stage.calls[-1]


def at(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 100.0 + seconds)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    for name in ("plans", "claims"):
        (tmp_path / name).mkdir()
    at(monkeypatch, 0)
    return Stage(tmp_path)


@pytest.fixture
def errand(stage: Stage) -> Scheduled:
    return Scheduled(cast("World", stage), cast("Any", ByHand(stage)))


def test_calls_do_not_pile_up(errand: Scheduled, stage: Stage) -> None:
    for _ in range(5):
        errand()
    assert len(stage.calls) == 1


@pytest.mark.parametrize(("died", "pause"), [(True, SOON), (False, LATER)])
def test_after_a_death_the_next_call_comes_soon(
    errand: Scheduled, stage: Stage, monkeypatch: pytest.MonkeyPatch, *, died: bool, pause: float
) -> None:
    errand()
    stage.calls[0].set_result(died)
    errand()
    at(monkeypatch, pause - 0.1)
    errand()
    assert len(stage.calls) == 1
    at(monkeypatch, pause + 0.1)
    errand()
    assert len(stage.calls) == 2


def test_what_went_wrong_with_a_call_ends_the_run(errand: Scheduled, stage: Stage) -> None:
    errand()
    stage.calls[0].set_exception(OSError("refused"))
    with pytest.raises(OSError, match="refused"):
        errand()


def test_it_dies_once_at_each_point_that_it_comes_by(errand: Scheduled, stage: Stage) -> None:
    errand()
    for call in ("dynamodb.Query", "s3.HeadObject"):
        point = ("reconcile", call, 1, "before")
        assert [blow_at(stage.crashes, "", point) is not None for _ in "ab"] == [True, False]
