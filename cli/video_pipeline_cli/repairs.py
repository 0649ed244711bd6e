"""Commands that take up again what had come to rest."""

from typing import Annotated

import typer

from video_pipeline.domain.redrive import Wish
from video_pipeline_cli import target, wanted
from video_pipeline_cli.answer import Answer
from video_pipeline_cli.finish import finish
from video_pipeline_cli.options import JobOrDrop, Json, Stack, StackFile
from video_pipeline_cli.reconcile import reconcile as reconcile_stack
from video_pipeline_cli.redrive import redrive as redrive_jobs

DeadLetters = Annotated[
    bool, typer.Option("--dead-letters", help="All that the queues gave up on.")
]
NoDeadline = Annotated[bool, typer.Option("--no-deadline", help="Forget the job's own.")]


def redrive(  # noqa: PLR0913 - one argument per option
    name: JobOrDrop = None,
    dead_letters: DeadLetters = False,  # noqa: FBT002 - an option
    force: Annotated[
        list[str] | None,
        typer.Option(metavar="JOB", help="A job's id: pay again although it may be charged."),
    ] = None,
    deadline: Annotated[
        str | None, typer.Option(metavar="TIME", help="In UTC, instead of the job's own.")
    ] = None,
    no_deadline: NoDeadline = False,  # noqa: FBT002 - an option
    stack: Stack = None,
    stack_file: StackFile = None,
    as_json: Json = False,  # noqa: FBT002 - an option
) -> None:
    """Take up again what failed, never where that could pay twice unless forced by name."""

    def redriven() -> Answer:
        opened = target.open_target(stack, stack_file)
        until = wanted.instant(deadline, opened.clock.now())
        wish = Wish(frozenset(force or ()), until, no_deadline)
        return redrive_jobs(opened, name, wish, dead_letters=dead_letters)

    finish(redriven, as_json=as_json)


def reconcile(stack: Stack = None, stack_file: StackFile = None, as_json: Json = False) -> None:  # noqa: FBT002 - an option
    """Compare ledger, executions, provider and archive now; mend what is safe, tell the rest."""
    finish(lambda: reconcile_stack(target.open_target(stack, stack_file)), as_json=as_json)
