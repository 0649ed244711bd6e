from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.markup import escape

from video_pipeline.domain.drop import DropState
from video_pipeline.domain.job import Job, JobState
from video_pipeline.domain.redrive import Wish
from video_pipeline.use_cases.redrive import Redriven
from video_pipeline.use_cases.redrive_dead_letters import PutBack
from video_pipeline_cli import repair_parts, show
from video_pipeline_cli.answer import DONE, FAILED, RUNNING, WRONG_USAGE, Answer, CommandError
from video_pipeline_cli.target import Target
from video_pipeline_cli.views import View, job_document, look

TAKES_UP = frozenset({JobState.FAILED, JobState.UNCONFIRMED})


def redrive(target: Target, name: str | None, wish: Wish, *, dead_letters: bool) -> Answer:
    """Take up what an id names, what queues gave up on, or both."""
    if name is None and not dead_letters:
        raise CommandError("Name a job, a drop or a manifest, or say --dead-letters.", WRONG_USAGE)
    redrive_job = repair_parts.redrive_of(target)
    letters = repair_parts.dead_letters_of(target, redrive_job)
    jobs: list[Redriven] = []
    put_back: list[PutBack] = []
    if name is not None:
        view = _known(target, name)
        _refuse_strangers(view, wish)
        jobs = [redrive_job(job, wish) for job in _meant(view)]
        if view.drop is not None and view.drop.state is DropState.REJECTED:
            put_back.append(letters.drop(view.drop))
    if dead_letters:
        put_back += letters(wish)
    return _answer(target, jobs, put_back)


def _known(target: Target, name: str) -> View:
    view = look(target, name)
    if not view.is_known:
        raise CommandError(f"Nothing is known of {name} in the stack {target.name}.", RUNNING)
    return view


def _meant(view: View) -> Sequence[Job]:
    """Return the one job that was named, or of a drop those that did not end well."""
    return view.jobs if view.drop is None else [j for j in view.jobs if j.state in TAKES_UP]


def _refuse_strangers(view: View, wish: Wish) -> None:
    strangers = wish.forced - {job.id for job in view.jobs}
    if strangers:
        raise CommandError(
            f"--force names {', '.join(sorted(strangers))}, which is no job of {view.id}.",
            WRONG_USAGE,
        )


def _answer(target: Target, jobs: Sequence[Redriven], put_back: Sequence[PutBack]) -> Answer:
    refusals = [job.refusal for job in jobs] + [letter.refusal for letter in put_back]
    document = {
        "jobs": [
            {"job": job_document(each.job, target), "refusal": each.refusal, "told": each.told}
            for each in jobs
        ],
        "dead_letters": [
            {"name": each.name, "refusal": each.refusal, "told": each.told} for each in put_back
        ],
    }
    return Answer(document, FAILED if any(refusals) else DONE, tuple(_parts(jobs, put_back)))


def _parts(jobs: Sequence[Redriven], put_back: Sequence[PutBack]) -> Iterator[RenderableType]:
    for job in jobs:
        name = f"{escape(job.job.name)}  [dim]{job.job.id}[/]"
        yield from _line(name, job.told, refused=job.refusal is not None)
    for letter in put_back:
        told = letter.refusal or letter.told
        yield from _line(escape(letter.name), told, refused=letter.refusal is not None)
    if not jobs and not put_back:
        yield "There is nothing to take up."


def _line(name: str, told: str, *, refused: bool) -> Iterator[RenderableType]:
    word = "[red]refused[/]" if refused else "[green]taken up[/]"
    yield f"{word}  {name}"
    yield show.inside(escape(told))
