"""An order that its worker failed again and again: the wheel decides what it means."""

from dataclasses import dataclass

from video_pipeline.ports import Runs
from video_pipeline.use_cases.submit_job import Order

UNDELIVERABLE = "JobUndeliverable"


@dataclass(frozen=True, slots=True)
class BuryJob:
    runs: Runs

    def __call__(self, order: Order) -> None:
        cause = f"The jobs queue gave up on attempt {order.attempt} of job {order.job_id}."
        self.runs.fail(order.token, UNDELIVERABLE, cause)
