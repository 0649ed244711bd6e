"""A job's whole story in one document that may leave the house."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from video_pipeline.domain.redaction import redacted_fields
from video_pipeline_cli import show
from video_pipeline_cli.answer import DONE, RUNNING, WRONG_USAGE, Answer, CommandError
from video_pipeline_cli.evidence import gather
from video_pipeline_cli.explain import explain
from video_pipeline_cli.target import Target
from video_pipeline_cli.views import JOB_ID

FORMAT = "1"
NOT_ASKED = "could_not_be_asked"


def export(target: Target, job_id: str) -> Answer:
    """Gather all that is known of a job: ledger, events, receipts, runs, provider, log.

    Prompts, links, tokens and keys are taken out.
    What cannot be asked is told in its place, and hides nothing else.
    """
    if not JOB_ID.fullmatch(job_id):
        raise CommandError(f"{job_id} is no job's id, which has 32 hex digits.", WRONG_USAGE)
    job = target.ledger.job(job_id)
    if job is None:
        raise CommandError(f"No job {job_id} is known to the stack {target.name}.", RUNNING)
    pieces = {name: _asked(ask) for name, ask in gather(target, job).items()}
    document = {
        "format": FORMAT,
        "job_id": job_id,
        "exported_at": target.clock.now().isoformat(),
        "explained": explain(target, job_id).document,
        **pieces,
    }
    return Answer(redacted_fields(document), DONE, tuple(_screen(job_id, pieces)))


def write(answer: Answer, out: Path) -> Answer:
    out.write_text(json.dumps(answer.document, ensure_ascii=False, indent=2) + "\n", "utf-8")
    *pieces, _advice = answer.parts
    return replace(answer, parts=(*pieces, f"Written to {out}; read it before you send it."))


def _asked(ask: Callable[[], object]) -> object:
    try:
        return ask()
    except (BotoCoreError, ClientError, KeyError) as error:
        return {NOT_ASKED: f"{type(error).__name__}: {error}"}


def _screen(job_id: str, pieces: Mapping[str, object]) -> Iterator[str]:
    for name, piece in pieces.items():
        count = show.count(len(piece), "part") if isinstance(piece, list) else "there"
        missing = isinstance(piece, dict) and NOT_ASKED in piece
        yield f"{name}: " + ("[yellow]could not be asked[/]" if missing else count)
    yield ""
    yield f"Write it to a file: `video-pipeline export {job_id} --out case.json`"
