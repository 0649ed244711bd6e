# ruff: noqa: ARG002 - a port's whole signature, of which the search needs a part
"""The product with one mend taken out, to show that the search would notice."""

from typing import Any, cast

from tests.proof.actors import TapedLedger, Wiring
from video_pipeline.domain.answers import CreateAnswer
from video_pipeline.domain.errors import StaleMoveError
from video_pipeline.domain.job import Job
from video_pipeline.use_cases.advance_job import AdvanceJob, Answer
from video_pipeline.use_cases.submit_job import SubmitJob, _may_note


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


BREAKS: dict[str, tuple[Wiring, str]] = {
    "a claim kept before its ring is counted": (Wiring(ledger=ClaimThenRing), "video"),
    "a claim kept after its ring is counted": (Wiring(ledger=RingThenClaim), "video"),
    "a run closed whatever happened since": (Wiring(ledger=ClosingUnseen), "video"),
    "rings read after the provider": (Wiring(advance_job=RingsReadLate), "video"),
    "no such task believed at once": (Wiring(advance_job=TaskGoneBelieved), "video"),
    "another call's answer written": (Wiring(submit_job=AnyCallsAnswer), "money"),
}
