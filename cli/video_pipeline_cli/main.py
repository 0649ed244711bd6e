"""The `video-pipeline` command: arguments in, one answer out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from video_pipeline_cli import target
from video_pipeline_cli.account import pause as pause_account
from video_pipeline_cli.account import resume as resume_account
from video_pipeline_cli.answer import FAILED, RUNNING, Answer, CommandError
from video_pipeline_cli.cancel import cancel as cancel_job
from video_pipeline_cli.drop import Wish
from video_pipeline_cli.drop import drop as drop_files
from video_pipeline_cli.estimate import estimate as estimate_files
from video_pipeline_cli.explain import explain as explain_job
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

Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", exists=True, dir_okay=False, help="Manifests."),
]
Prefix = Annotated[str, typer.Option(metavar="FOLDER", help="Below manifests/.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Stack = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="A deployed stack; without it, the local one."),
]
StackFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", envvar="VIDEO_PIPELINE_STACK_FILE", help="Of another local stack."
    ),
]
JobOrDrop = Annotated[
    str | None, typer.Argument(metavar="[ID]", help="Of a job or a drop, or a manifest's key.")
]
Id = Annotated[str, typer.Argument(metavar="ID", help="A job's id.")]
Seconds = Annotated[
    float | None,
    typer.Option("--timeout", metavar="SECONDS", min=0, help="Stop waiting; exit code 3."),
]


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
def estimate(files: Files, as_json: Json = False) -> None:  # noqa: FBT002 - an option
    """Price every job at the most that it can cost."""
    finish(lambda: estimate_files(files), as_json=as_json)


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


@app.command()
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


@app.command()
def resume(stack: Stack = None, stack_file: StackFile = None, as_json: Json = False) -> None:  # noqa: FBT002 - an option
    """Let paid calls begin again, whoever paused them."""
    finish(lambda: resume_account(target.open_target(stack, stack_file)), as_json=as_json)


def finish(work: Callable[[], Answer], *, as_json: bool) -> None:
    """Print what a command comes to, and leave with its code."""
    answer = _answered(work)
    if as_json:
        typer.echo(json.dumps(answer.document, ensure_ascii=False, indent=2))
    else:
        console = Console(stderr="error" in answer.document, highlight=False)
        for part in answer.parts:
            console.print(part, soft_wrap=isinstance(part, Text))  # a link stays whole
    raise typer.Exit(answer.code)


def _answered(work: Callable[[], Answer]) -> Answer:
    try:
        return work()
    except CommandError as error:
        return _failure(str(error), error.code)
    except (BotoCoreError, ClientError) as error:
        advice = (
            "Is the stack up, and may you use it? Without --stack, `make up` starts a local one."
        )
        return _failure(f"AWS could not be asked: {error}. {advice}", FAILED)
    except KeyboardInterrupt:
        return _failure("Interrupted; whatever was dropped goes on.", RUNNING)


def _failure(message: str, code: int) -> Answer:
    return Answer({"error": message}, code, (f"[red]video-pipeline:[/] {escape(message)}",))


def main() -> None:
    app()
