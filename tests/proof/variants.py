# ruff: noqa: ARG002 - a port's whole signature, of which the search needs a part
"""The product with one mend taken out, to show that the search would notice."""

from dataclasses import replace
from typing import Any, cast

from tests.proof.actors import TapedLedger, Wiring
from tests.proof.state import NOW
from video_pipeline.domain import moves
from video_pipeline.domain.answers import CreateAnswer, Unknown
from video_pipeline.domain.errors import StaleMoveError
from video_pipeline.domain.job import Charged, Job
from video_pipeline.domain.redrive import Wish
from video_pipeline.use_cases.advance_job import AdvanceJob, Answer
from video_pipeline.use_cases.find_forsaken import FindForsaken
from video_pipeline.use_cases.redrive import Redrive, Redriven
from video_pipeline.use_cases.submit_job import Order, SubmitJob, _may_note


class ClaimThenRing(TapedLedger):
    def ring(self, job_id: str, attempt: int, task_id: str | None) -> Any:
        self.tape("claim", attempt, task_id)
        return self.tape("count_ring")


class RingThenClaim(TapedLedger):
    def ring(self, job_id: str, attempt: int, task_id: str | None) -> Any:
        rung = self.tape("count_ring")
        self.tape("claim", attempt, task_id)
        return rung


class ClosingUnseen(TapedLedger):
    def close_run(self, job: Job, now: object) -> Any:
        return self.tape("close_unseen", job)


class ClosingByRings(TapedLedger):
    def close_run(self, job: Job, now: object) -> Any:
        return self.tape("close_by_rings", job)


class RecoveringSilently(ClosingByRings):
    def commit(self, move: object, *, in_its_run: bool = False) -> Any:
        return self.tape("commit_without_ring", move, in_its_run)


class RingsReadLate(AdvanceJob):
    def _finish(self, job: Job, *more: Any) -> Answer | None:
        return super()._finish(cast("Job", self.ledger.job(job.id)), *more)


class TaskGoneBelieved(AdvanceJob):
    def _may_still_appear(self, job: Job) -> bool:
        return False


class AnyCallsAnswer(SubmitJob):
    def _note(self, job: Job, answer: CreateAnswer) -> Job:
        current = job
        while _may_note(current, answer):
            try:
                current = self.ledger.commit(self._proven(current, answer))
            except StaleMoveError:
                current = self.ledger.job(job.id) or job
        return current


class OpeningBlindly(TapedLedger):
    def open_run(self, job: Job, run: int) -> Any:
        return self.tape("open_run_blindly", job.open_run, run)


def committing(operation: str) -> type[TapedLedger]:
    """Return a ledger whose commits leave one condition out."""

    class Committing(TapedLedger):
        def commit(self, move: object, *, in_its_run: bool = False) -> Any:
            return self.tape(operation, move, in_its_run)

    return Committing


class LeavesWithoutRun(SubmitJob):
    def _let_go(self, order: Order, job: Job | None) -> None:
        self.runs.answer(order.token)


class LostMeansRefused(SubmitJob):
    def _proven(self, job: Job, answer: CreateAnswer) -> moves.Move:
        if not isinstance(answer, Unknown):
            return super()._proven(job, answer)
        return moves.failed(job, NOW, reason="refused", message="no", charged=Charged.NO)


class RingsOverlooked(FindForsaken):
    def _is_forsaken(self, job: Job) -> bool:
        seen = replace(job, closed_rings=job.rings)
        return super()._is_forsaken(seen)


class PaysAgain(Redrive):
    def __call__(self, job: Job, wish: Wish) -> Redriven:
        return super().__call__(job, replace(wish, forced=frozenset({job.id})))


BREAKS: dict[str, tuple[Wiring, str]] = {
    "a claim kept before its ring is counted": (Wiring(ledger=ClaimThenRing), "video"),
    "a claim kept after its ring is counted": (Wiring(ledger=RingThenClaim), "video"),
    "a run closed whatever happened since": (Wiring(ledger=ClosingUnseen), "video"),
    "rings read after the provider": (Wiring(advance_job=RingsReadLate), "video"),
    "no such task believed at once": (Wiring(advance_job=TaskGoneBelieved), "video"),
    "another call's answer written": (Wiring(submit_job=AnyCallsAnswer), "money"),
    "a lost answer taken for a refusal": (Wiring(submit_job=LostMeansRefused), "call"),
    "a late recovery counted again": (
        Wiring(ledger=committing("commit_counting_each_end")),
        "video",
    ),
    "a redrive that pays whatever was charged": (Wiring(redrive=PaysAgain), "unknown"),
    "a drop opened before its end was told": (
        Wiring(ledger=committing("commit_opening_untold_drops")),
        "redrive",
    ),
    "a run opened whatever was opened meanwhile": (Wiring(ledger=OpeningBlindly), "call"),
    "a worker that leaves its job without a run": (Wiring(submit_job=LeavesWithoutRun), "alone"),
    "a late answer that counts no ring": (Wiring(ledger=RecoveringSilently), "alone"),
    "rings that nobody looked at forsaken": (Wiring(find_forsaken=RingsOverlooked), "video"),
}
