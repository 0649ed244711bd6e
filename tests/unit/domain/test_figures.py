from datetime import timedelta

from tests.unit.domain.jobs import ACCEPTED, NOW
from video_pipeline.domain import moves
from video_pipeline.domain.figures import Figure, figures_of
from video_pipeline.domain.job import Charged


def test_a_move_tells_how_long_the_stage_took() -> None:
    later = NOW + timedelta(seconds=7)
    move = moves.submitting(ACCEPTED, call_id="c", now=later, lease_until=later, estimate=1)
    assert list(figures_of(move)) == [Figure("StageSeconds", 7, "Seconds", ("state", "accepted"))]


def test_a_failure_tells_its_reason() -> None:
    move = moves.failed(ACCEPTED, NOW, reason="deadline", message="m", charged=Charged.NO)
    assert Figure("Failed", 1, "Count", ("reason", "deadline")) in figures_of(move)


def test_a_move_that_stays_in_its_state_tells_nothing() -> None:
    assert list(figures_of(moves.postponed(ACCEPTED, NOW, NOW, "missing"))) == []
