"""The hub of the wheel: one turn per call."""

import os
from typing import TYPE_CHECKING, Any

from video_pipeline import wiring
from video_pipeline.domain.identity import run_name
from video_pipeline.domain.next_step import ArchiveVideo, Await, Done, Later, Publish, Submit
from video_pipeline.domain.versions import RUN
from video_pipeline.log import logger
from video_pipeline.use_cases.advance_job import Answer, Turn
from video_pipeline.use_cases.bury_job import UNDELIVERABLE

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

wiring.make_clients("dynamodb", "s3", "secrets_manager", "step_functions")
EXPECTED = {None, "States.Timeout", "DynamoDb.ConditionalCheckFailedException"}
WORDS = {
    Submit: "submit",
    Await: "await",
    Later: "later",
    ArchiveVideo: "archive",
    Publish: "publish",
    Done: "done",
}


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: "LambdaContext") -> dict[str, Any]:
    """Take the wheel's state, answer with its next one."""
    turn = turn_of(event["state"])
    execution = run_name(turn.job_id, turn.run)
    error = event["state"].get("error", {}).get("Error")
    if error not in EXPECTED:
        logger.warning("step failed", job_id=turn.job_id, execution=execution, error=error)
    answer = wiring.advance_job(event["state_machine"])(turn)
    step = WORDS[type(answer.step)]
    logger.info("turn", job_id=turn.job_id, execution=execution, turn=turn.number, step=step)
    return state_of(turn, answer)


def turn_of(state: dict[str, Any]) -> Turn:
    """Read a turn; what was to be published counts as told only if the bus took it."""
    published = "published" in state
    return Turn(
        job_id=state["job_id"],
        run=state["run"],
        number=state["turn"],
        told=state.get("told", 0) if published else 0,
        completions=tuple(state.get("completions", ())) if published else (),
        undeliverable=state.get("error", {}).get("Error") == UNDELIVERABLE,
    )


def state_of(turn: Turn, answer: Answer) -> dict[str, Any]:
    step, bus = answer.step, os.environ["EVENT_BUS_NAME"]
    return {
        "version": RUN,
        "job_id": turn.job_id,
        "run": turn.run,
        "turn": turn.number + 1,
        "step": WORDS[type(step)],
        "attempt": step.attempt if isinstance(step, Submit) else 0,
        "rings": step.rings if isinstance(step, Await) else 0,
        "seconds": step.seconds if isinstance(step, Later) else 0,
        "entries": [event.entry(bus) for event in answer.events],
        "told": answer.told,
        "completions": list(answer.completions),
    }
