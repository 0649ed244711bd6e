"""Put back what queues gave up on: manifests are taken in again, jobs get their next attempt."""

from collections.abc import Iterator
from dataclasses import dataclass

from video_pipeline.domain.drop import Drop, DropState
from video_pipeline.domain.identity import drop_id
from video_pipeline.domain.redrive import Wish
from video_pipeline.ports import DeadLetter, DeadLetters, Drops, Ledger, ManifestsQueue
from video_pipeline.use_cases.redrive import Redrive
from video_pipeline.use_cases.submit_job import Order
from video_pipeline.use_cases.submit_manifest import DroppedObject


@dataclass(frozen=True, slots=True)
class PutBack:
    """What became of one dead letter, or of one rejected drop; `refusal` leaves it where it is."""

    name: str
    told: str
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class RedriveDeadLetters:
    letters: DeadLetters
    queue: ManifestsQueue
    ledger: Ledger
    drops: Drops
    redrive: Redrive

    def __call__(self, wish: Wish) -> Iterator[PutBack]:
        """Yield what became of each letter; one that was put back is forgotten afterwards."""
        for letter in self.letters.letters():
            put_back = self._put_back(letter, wish)
            if put_back.refusal is None:
                self.letters.forget(letter)
            yield put_back

    def drop(self, drop: Drop) -> PutBack:
        """Take a drop in again that was rejected because the pipeline had failed at it."""
        if not is_undeliverable(drop):
            why = "It was rejected for its content; do what its receipt says, then drop it again."
            return PutBack(drop.key, "", why)
        return self._take_in(DroppedObject(drop.bucket, drop.key, drop.version_id))

    def _put_back(self, letter: DeadLetter, wish: Wish) -> PutBack:
        try:
            if letter.queue == "manifests":
                return self._take_in(DroppedObject.read(letter.body))
            return self._carry_out(Order.read(letter.body), wish)
        except (ValueError, KeyError, TypeError):
            return PutBack(letter.key or letter.queue, "", "Nobody can read it; look at it.")

    def _take_in(self, dropped: DroppedObject) -> PutBack:
        if dropped.version_id is not None:
            drop = self.drops.drop(drop_id(dropped.bucket, dropped.key, dropped.version_id))
            if drop is not None and is_undeliverable(drop):
                self.drops.forget_rejected(drop)
        self.queue.send(dropped.message())
        return PutBack(dropped.key, "It is taken in again.")

    def _carry_out(self, order: Order, wish: Wish) -> PutBack:
        """Give the job of an order a run; the order itself has a token that is long dead."""
        job = self.ledger.job(order.job_id)
        if job is None:
            return PutBack(order.job_id, "The ledger has forgotten its job; so does the queue.")
        if job.reason != "undeliverable":
            self.redrive.make_sure_of_a_run(job)
            return PutBack(job.id, f"Its job has gone on: {job.state}.")
        redriven = self.redrive(job, wish)
        return PutBack(job.id, redriven.told, redriven.refusal)


def is_undeliverable(drop: Drop) -> bool:
    codes = {problem.code for problem in drop.problems}
    return drop.state is DropState.REJECTED and codes == {"undeliverable"}
