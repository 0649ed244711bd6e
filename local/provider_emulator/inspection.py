"""What a media worker does: read the fetched references, judge them, draw the film."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from provider_emulator.media.facts import Kind, MediaFacts, UnreadableMediaError
from provider_emulator.media.limits import MediaProblem, check_media, unreadable_problem
from provider_emulator.media.order import RenderOrder
from provider_emulator.media.read import read_media
from provider_emulator.media.render import render
from provider_emulator.media.sizes import OUTPUT_SIZES, adaptive_ratio


@dataclass(frozen=True, slots=True)
class References:
    """The fetched files, in the order of the request."""

    images: tuple[Path, ...] = ()
    videos: tuple[Path, ...] = ()
    audios: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the references turned out to be; with problems, the rest does not matter."""

    problems: tuple[MediaProblem, ...] = ()
    input_seconds: float | None = None
    size: tuple[int, int] = (0, 0)
    described: tuple[str, ...] = field(default=())


def inspect(references: References, ratio: str, quality: str, prompt: str) -> Inspection:
    problems: list[MediaProblem] = []
    images = _read("image", references.images, problems)
    videos = _read("video", references.videos, problems)
    audios = _read("audio", references.audios, problems)
    if problems:
        return Inspection(tuple(problems))
    chosen = adaptive_ratio(videos, images, prompt) if ratio == "adaptive" else ratio
    return Inspection(
        input_seconds=sum(facts.seconds or 0 for facts in videos) if videos else None,
        size=OUTPUT_SIZES[chosen, quality],
        described=tuple(_described((*images, *videos, *audios))),
    )


def draw(order: RenderOrder, out: Path) -> None:
    """Render under a passing name: a file under its own name is whole."""
    unfinished = out.with_suffix(".unfinished.mp4")
    render(order, unfinished)
    unfinished.replace(out)


def _read(kind: Kind, paths: tuple[Path, ...], problems: list[MediaProblem]) -> list[MediaFacts]:
    read: list[MediaFacts] = []
    for index, path in enumerate(paths):
        try:
            read.append(read_media(path))
        except UnreadableMediaError as error:
            problems.append(unreadable_problem(kind, index, error))
    if not problems:
        problems.extend(check_media(kind, read))
    return read


def _described(facts: tuple[MediaFacts, ...]) -> Iterator[str]:
    for each in facts:
        size = f" {each.width}x{each.height}" if each.width else ""
        length = f" {each.seconds:.2f} s" if each.seconds else ""
        yield f"{each.kind} {each.format}{size}{length}, {each.bytes} bytes"
