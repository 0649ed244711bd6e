"""Commands for whoever runs a stack."""

from pathlib import Path
from typing import Annotated

import typer

from video_pipeline_cli import target, wanted
from video_pipeline_cli.account import pause as pause_account
from video_pipeline_cli.account import resume as resume_account
from video_pipeline_cli.answer import WRONG_USAGE, Answer, CommandError
from video_pipeline_cli.cost import cost as add_up
from video_pipeline_cli.doctor.examine import doctor as examine_stack
from video_pipeline_cli.export import export as export_job
from video_pipeline_cli.export import write
from video_pipeline_cli.finish import finish
from video_pipeline_cli.jobs import jobs as list_jobs
from video_pipeline_cli.listing import Filter
from video_pipeline_cli.options import Id, Json, Since, Stack, StackFile
from video_pipeline_cli.replay import Span, replay_job, replay_manifest, replay_span

MONTH = "30d"


def pause(
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="For those who ask.")] = (
        "Paused by a person."
    ),
    stack: Stack = None,
    stack_file: StackFile = None,
    as_json: Json = False,  # noqa: FBT002 - an option
) -> None:
    """Hold every paid call back, until `resume`."""
    finish(lambda: pause_account(target.open_target(stack, stack_file), why), as_json=as_json)


def resume(stack: Stack = None, stack_file: StackFile = None, as_json: Json = False) -> None:  # noqa: FBT002 - an option
    """Let paid calls begin again, whoever paused them."""
    finish(lambda: resume_account(target.open_target(stack, stack_file)), as_json=as_json)


def doctor(
    stack: Stack = None,
    stack_file: StackFile = None,
    as_json: Json = False,  # noqa: FBT002 - an option
) -> None:
    """Look at all that a stack needs to work, and say how each thing is mended."""
    finish(lambda: examine_stack(target.open_target(stack, stack_file)), as_json=as_json)


def jobs(  # noqa: PLR0913 - one argument per option
    state: Annotated[
        list[str] | None, typer.Option(metavar="STATE", help="accepted, failed, ...")
    ] = None,
    reason: Annotated[
        list[str] | None, typer.Option(metavar="REASON", help="Of its end: credit_cap, ...")
    ] = None,
    manifest: Annotated[str, typer.Option(metavar="KEY", help="Or how it begins.")] = "",
    metadata: Annotated[
        list[str] | None, typer.Option(metavar="NAME=TEXT", help="All that are given must fit.")
    ] = None,
    since: Since = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Dropped before.")] = None,
    most: Annotated[int, typer.Option("--limit", min=1, help="Of jobs shown.")] = 100,
    stack: Stack = None,
    stack_file: StackFile = None,
    as_json: Json = False,  # noqa: FBT002 - an option
) -> None:
    """Find jobs by state, reason, manifest, metadata and age."""

    def found() -> Answer:
        opened = target.open_target(stack, stack_file)
        now = opened.clock.now()
        choice = Filter(
            states=wanted.states(state or ()),
            manifest=manifest,
            reasons=wanted.reasons(reason or ()),
            metadata=wanted.metadata(metadata or ()),
            not_before=wanted.instant(since, now),
            not_after=wanted.instant(until, now),
        )
        return list_jobs(opened, choice, most)

    finish(found, as_json=as_json)


def cost(
    by: Annotated[
        str, typer.Option(metavar="WORD", help="day, manifest or metadata.NAME.")
    ] = "day",
    since: Since = MONTH,
    stack: Stack = None,
    stack_file: StackFile = None,
    as_json: Json = False,  # noqa: FBT002 - an option
) -> None:
    """Add up what was paid and what is reserved, by day, manifest or metadata."""

    def added_up() -> Answer:
        opened = target.open_target(stack, stack_file)
        now = opened.clock.now()
        return add_up(opened, by, wanted.instant(since, now) or now)

    finish(added_up, as_json=as_json)


def export(
    name: Id,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", dir_okay=False, help="Write the document here.")
    ] = None,
    stack: Stack = None,
    stack_file: StackFile = None,
    as_json: Json = False,  # noqa: FBT002 - an option
) -> None:
    """Gather a job's whole story for a support case, without prompts, links and keys."""

    def exported() -> Answer:
        answer = export_job(target.open_target(stack, stack_file), name)
        return write(answer, out) if out else answer

    finish(exported, as_json=as_json)


def replay(  # noqa: PLR0913 - one argument per option
    since: Since = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Now, without it.")] = None,
    rule: Annotated[
        list[str] | None, typer.Option(metavar="ARN", help="With --since: of the only rules.")
    ] = None,
    job: Annotated[str | None, typer.Option(metavar="ID", help="Events of one job.")] = None,
    manifest: Annotated[
        str | None, typer.Option(metavar="KEY", help="Events of its newest drop, or a drop's id.")
    ] = None,
    stack: Stack = None,
    stack_file: StackFile = None,
    as_json: Json = False,  # noqa: FBT002 - an option
) -> None:
    """Tell events again: of a time from AWS's archive, of a job or manifest from the ledger."""

    def told_again() -> Answer:
        if sum(choice is not None for choice in (since, job, manifest)) != 1:
            message = "Say one of --since TIME, --job ID and --manifest KEY."
            raise CommandError(message, WRONG_USAGE)
        opened = target.open_target(stack, stack_file)
        if job is not None:
            return replay_job(opened, job)
        if manifest is not None:
            return replay_manifest(opened, manifest)
        now = opened.clock.now()
        first, last = wanted.instant(since, now), wanted.instant(until, now)
        return replay_span(opened, Span(first or now, last or now, tuple(rule or ())))

    finish(told_again, as_json=as_json)
