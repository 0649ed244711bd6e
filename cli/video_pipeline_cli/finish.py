"""One answer out: as a document or as a screen, with its exit code."""

import json
from collections.abc import Callable

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from video_pipeline_cli.answer import FAILED, RUNNING, Answer, CommandError


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
