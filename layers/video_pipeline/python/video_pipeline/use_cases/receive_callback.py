"""Take a ring: note it, wake the run, believe nothing."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from video_pipeline.domain.capability import Capability, is_genuine
from video_pipeline.ports import Ledger, Runs
from video_pipeline.use_cases.open_next_run import OpenNextRun

TASK_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


@dataclass(frozen=True, slots=True)
class ReceiveCallback:
    """`keys` returns the keys that are valid now, and is told the id of the wanted one."""

    ledger: Ledger
    runs: Runs
    open_next_run: OpenNextRun
    keys: Callable[[str], Sequence[str]]

    def __call__(self, capability: Capability, body: str) -> bool:
        """Return whether the caller may ring; a wrong capability costs one comparison.

        Claim and count are one write: whoever sees the ring finds the claim, whatever crashes.
        """
        if not is_genuine(capability, self.keys(capability.key_id)):
            return False
        job = self.ledger.ring(capability.job_id, capability.attempt, claimed_task(body))
        if job is None:
            return True  # forgotten after its retention: nothing is left to do
        if job.token is not None and job.token_run == job.open_run:
            self.runs.answer(job.token)
        elif job.open_run is None:
            self.open_next_run(job)
        else:
            self.runs.start(job.id, job.open_run)
        return True


def claimed_task(body: str) -> str | None:
    """Return the task id that a callback's body names, if it names one."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    claim = content.get("id") or content.get("task_id")
    return claim if isinstance(claim, str) and TASK_ID.fullmatch(claim) else None
