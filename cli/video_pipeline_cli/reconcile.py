from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.markup import escape

from video_pipeline_cli import repair_parts, show
from video_pipeline_cli.answer import DONE, FAILED, Answer
from video_pipeline_cli.target import Target


def reconcile(target: Target) -> Answer:
    """Hold ledger, executions, provider and archive against each other, now."""
    found = repair_parts.call_reconcile(target, {})["discrepancies"]
    left = [each for each in found if not each["repaired"]]
    document = {"discrepancies": found, "left": len(left)}
    return Answer(document, FAILED if left else DONE, tuple(_parts(found)))


def _parts(found: list[dict[str, Any]]) -> Iterator[RenderableType]:
    if not found:
        yield "[green]Ledger, executions, provider and archive agree.[/]"
        return
    table = show.table("what", "", "of", "how it stands")
    for each in found:
        word = "[green]mended[/]" if each["repaired"] else "[red]left[/]"
        table.add_row(each["kind"].replace("_", " "), word, _of(each), escape(each["what"]))
    yield table


def _of(each: Mapping[str, Any]) -> str:
    return f"[dim]{escape(each['job_id'] or each['drop_id'] or each['task_id'] or '-')}[/]"
