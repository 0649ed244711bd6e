"""The log that all functions share: one line of JSON each, with the request's id.

Nothing that opens a door is logged: no path of a callback, no link, no token, no key, no prompt.
Should a message of somebody else hold one all the same, it is taken out of the finished line.
"""

import json
from typing import Any

from aws_lambda_powertools import Logger

from video_pipeline.domain.identity import run_name
from video_pipeline.domain.moves import Move
from video_pipeline.domain.redaction import redacted


def line(record: dict[str, Any]) -> str:
    return redacted(json.dumps(record, default=str, ensure_ascii=False, separators=(",", ":")))


logger = Logger(json_serializer=line)


def log_move(move: Move) -> None:
    """Tell a move with every id by which a job can be followed."""
    before, after = move.before, move.after
    logger.info(
        "move",
        job_id=after.id,
        manifest=after.manifest_key,
        execution=None if after.open_run is None else run_name(after.id, after.open_run),
        attempt=after.attempt,
        before=before.state,
        after=after.state,
        cause=after.trail[-1].cause,
    )
