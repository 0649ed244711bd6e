from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import RenderableType
from rich.markup import escape

from video_pipeline.adapters.price_list import load_prices
from video_pipeline_cli import show
from video_pipeline_cli.answer import DONE, FAILED, Answer, Document
from video_pipeline_cli.check import Verdict, check
from video_pipeline_cli.manifests import read_local


def validate(files: Sequence[Path], prefix: str, *, offline: bool) -> Answer:
    """Give a verdict on each file; nothing is uploaded and nothing is paid."""
    verdicts = [check(read_local(path, prefix), load_prices(), offline=offline) for path in files]
    return answer_of(verdicts)


def answer_of(verdicts: Sequence[Verdict], end: str | None = None) -> Answer:
    valid = all(verdict.is_valid for verdict in verdicts)
    parts = [part for verdict in verdicts for part in parts_of(verdict)]
    if end is not None:
        parts.append(end)
    documents = [document_of(verdict) for verdict in verdicts]
    return Answer({"valid": valid, "files": documents}, DONE if valid else FAILED, tuple(parts))


def document_of(verdict: Verdict) -> Document:
    return {
        "file": str(verdict.manifest.path),
        "valid": verdict.is_valid,
        "jobs": len(verdict.manifest.jobs),
        "errors": [asdict(problem) for problem in verdict.errors],
        "warnings": [asdict(problem) for problem in verdict.warnings],
    }


def parts_of(verdict: Verdict) -> Iterable[RenderableType]:
    name = f"[bold]{escape(str(verdict.manifest.path))}[/]"
    if verdict.is_valid:
        yield f"{name}  [green]valid[/], {show.count(len(verdict.manifest.jobs), 'job')}"
    else:
        yield f"{name}  [red]refused[/], {show.count(len(verdict.errors), 'error')}"
    yield from show.problems(verdict.errors, "error")
    yield from show.problems(verdict.warnings, "warning")
