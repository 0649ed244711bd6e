"""The `video-pipeline` command: arguments in, one answer out."""

from pathlib import Path
from typing import Annotated

import typer

from video_pipeline_cli import target
from video_pipeline_cli.cancel import cancel as cancel_job
from video_pipeline_cli.drop import Wish
from video_pipeline_cli.drop import drop as drop_files
from video_pipeline_cli.estimate import estimate as estimate_files
from video_pipeline_cli.explain import explain as explain_job
from video_pipeline_cli.finish import finish
from video_pipeline_cli.operations import cost, doctor, export, jobs, pause, replay, resume
from video_pipeline_cli.options import (
    Files,
    Id,
    JobOrDrop,
    Json,
    Prefix,
    Seconds,
    Stack,
    StackFile,
)
from video_pipeline_cli.prices import chosen_prices
from video_pipeline_cli.repairs import reconcile, redrive
from video_pipeline_cli.status import status as tell_status
from video_pipeline_cli.validate import validate as validate_files
from video_pipeline_cli.watch import watch as watch_jobs

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Check, price, drop and follow video manifests. "
    "Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 still running or unknown.",
)


@app.command()
def validate(
    files: Files,
    offline: Annotated[bool, typer.Option("--offline", help="Open no link.")] = False,  # noqa: FBT002 - an option
    prefix: Prefix = "",
    as_json: Json = False,  # noqa: FBT002 - an option
) -> None:
    """Check manifests as the pipeline does, with every error at once."""
    finish(lambda: validate_files(files, prefix, offline=offline), as_json=as_json)


@app.command()
def estimate(
    files: Files,
    prices: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", exists=True, dir_okay=False, help="Price list to try, as JSON."
        ),
    ] = None,
    stack: Stack = None,
    as_json: Json = False,  # noqa: FBT002 - an option
) -> None:
    """Price every job at the most that it can cost."""
    finish(lambda: estimate_files(files, chosen_prices(prices, stack)), as_json=as_json)


@app.command()
def drop(  # noqa: PLR0913 - one argument per option
    files: Files,
    prefix: Prefix = "",
    wait: Annotated[bool, typer.Option("--wait", help="Follow all jobs to the end.")] = False,  # noqa: FBT002 - an option
    seconds: Seconds = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", file_okay=False, help="Wait and download results here."),
    ] = None,
    stack: Stack = None,
    stack_file: StackFile = None,
    as_json: Json = False,  # noqa: FBT002 - an option
) -> None:
    """Upload manifests with the files that they name, and print the ids."""
    wish = Wish(prefix, wait, seconds, out, quiet=as_json)
    finish(lambda: drop_files(target.open_target(stack, stack_file), files, wish), as_json=as_json)


@app.command()
def status(
    name: JobOrDrop = None,
    most: Annotated[int, typer.Option("--limit", min=1, help="Of recent drops.")] = 20,
    stack: Stack = None,
    stack_file: StackFile = None,
    as_json: Json = False,  # noqa: FBT002 - an option
) -> None:
    """Show recent drops, or the jobs of one."""
    finish(lambda: tell_status(target.open_target(stack, stack_file), name, most), as_json=as_json)


@app.command()
def watch(
    name: JobOrDrop = None,
    seconds: Seconds = None,
    stack: Stack = None,
    stack_file: StackFile = None,
    as_json: Json = False,  # noqa: FBT002 - an option
) -> None:
    """Follow a job, a drop, or all that is under way, to the end."""
    finish(
        lambda: watch_jobs(target.open_target(stack, stack_file), name, seconds, quiet=as_json),
        as_json=as_json,
    )


@app.command()
def explain(
    name: Id,
    stack: Stack = None,
    stack_file: StackFile = None,
    as_json: Json = False,  # noqa: FBT002 - an option
) -> None:
    """Tell the story of one job: what happened, what was paid, what comes next."""
    finish(lambda: explain_job(target.open_target(stack, stack_file), name), as_json=as_json)


@app.command()
def cancel(
    name: Id,
    stack: Stack = None,
    stack_file: StackFile = None,
    as_json: Json = False,  # noqa: FBT002 - an option
) -> None:
    """End a job before it is paid."""
    finish(lambda: cancel_job(target.open_target(stack, stack_file), name), as_json=as_json)


for command in (pause, resume, redrive, reconcile, doctor, jobs, cost, export, replay):
    app.command()(command)


def main() -> None:
    app()
