"""What can be said behind a command, each written once."""

from pathlib import Path
from typing import Annotated

import typer

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
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="TIME", help="90m, 12h or 7d ago, or a date or time in UTC."),
]
