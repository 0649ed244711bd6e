import asyncio
import shutil
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import TypeVar

from provider_emulator.fetching import Fetcher, FetchError, TooLargeError
from provider_emulator.inspection import Inspection, References, draw, inspect
from provider_emulator.media.facts import Kind
from provider_emulator.media.limits import MEGABYTE, MOST_MEGABYTES, unreadable_problem
from provider_emulator.media.order import RenderOrder
from provider_emulator.settings import Settings
from provider_emulator.studio import Studio, StudioError
from provider_emulator.tasks import Failure, Film, Task

Result = TypeVar("Result")
CLIP_PROMPT = "A fixed clip stands in for the film."
PROBLEMS_TOLD = 5


class ProductionError(Exception):
    """When no film can be made of a task: carries the failure to show."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class Production:
    """Fetches a task's references, has them judged, and has its film drawn."""

    def __init__(self, fetcher: Fetcher, studio: Studio, folder: Path) -> None:
        self._fetcher = fetcher
        self._studio = studio
        self._folder = folder
        self._drawing: dict[Path, asyncio.Task[None]] = {}

    async def inspect(self, task: Task, settings: Settings) -> Inspection:
        """Fetch and judge the references; problems become the failure of contract 5.3."""
        references, order = await self._fetch_all(task, settings), task.order
        wish = (references, order.aspect_ratio, order.quality, order.prompt)
        if references == References():
            return inspect(*wish)
        inspection: Inspection = await _or_service_error(self._studio.do(inspect, *wish))
        if inspection.problems:
            told = " ".join(each.message for each in inspection.problems[:PROBLEMS_TOLD])
            raise ProductionError(Failure(code=inspection.problems[0].code, message=told))
        return inspection

    async def film(self, task: Task, settings: Settings, size: tuple[int, int]) -> Film:
        film = Film(path=str(self._path(task, settings, size)), width=size[0], height=size[1])
        if settings.rendering != "lazy":
            await _or_service_error(self.ensure(task, film))
        return film

    async def ensure(self, task: Task, film: Film) -> None:
        """Draw the film's file unless it exists; whoever asks meanwhile waits for the same."""
        path = Path(film.path)
        if path.exists():  # noqa: ASYNC240 - as quick as a look into a dictionary
            return
        if path not in self._drawing:
            work = asyncio.create_task(self._draw(task, film))
            work.add_done_callback(lambda _: self._drawing.pop(path, None))
            self._drawing[path] = work
        await asyncio.shield(self._drawing[path])

    async def served(self, task: Task, film: Film) -> Path:
        """Return the file to send; of a clip, a copy that no other task answers with."""
        await self.ensure(task, film)
        drawn = Path(film.path)
        if not _is_clip(drawn):
            return drawn
        signed = self._folder / "signed" / f"{task.suffix}.mp4"
        if not signed.exists():
            await asyncio.to_thread(_sign, drawn, task.id, signed)
        return signed

    async def stop(self) -> None:
        drawing = list(self._drawing.values())
        for each in drawing:
            each.cancel()
        await asyncio.gather(*drawing, return_exceptions=True)

    def forget(self, task: Task) -> None:
        shutil.rmtree(self._reference_folder(task), ignore_errors=True)

    async def _draw(self, task: Task, film: Film) -> None:
        order, path = task.order, Path(film.path)
        path.parent.mkdir(parents=True, exist_ok=True)
        is_clip = _is_clip(path)
        references = References() if is_clip else self._saved(task)
        render_order = RenderOrder(
            prompt=CLIP_PROMPT if is_clip else order.prompt,
            width=film.width,
            height=film.height,
            duration=order.duration,
            generate_audio=order.generate_audio,
            images=references.images,
            videos=references.videos,
            audios=references.audios,
            task_id="" if is_clip else task.id,
            seed="" if is_clip else task.id,
        )
        await self._studio.do(draw, render_order, path)
        self.forget(task)

    def _path(self, task: Task, settings: Settings, size: tuple[int, int]) -> Path:
        if settings.rendering != "clip":
            return self._folder / "films" / f"{task.suffix}.mp4"
        sound = "sound" if task.order.generate_audio else "silent"
        name = f"{size[0]}x{size[1]}-{task.order.duration}s-{sound}.mp4"
        return self._folder / "clips" / name

    def _reference_folder(self, task: Task) -> Path:
        return self._folder / "references" / task.id

    def _saved(self, task: Task) -> References:
        folder = self._reference_folder(task)
        order = task.order
        return References(
            tuple(folder / f"image-{n}" for n in range(1, len(order.image_urls) + 1)),
            tuple(folder / f"video-{n}" for n in range(1, len(order.video_urls) + 1)),
            tuple(folder / f"audio-{n}" for n in range(1, len(order.audio_urls) + 1)),
        )

    async def _fetch_all(self, task: Task, settings: Settings) -> References:
        saved, order = self._saved(task), task.order
        for kind, urls, paths in (
            ("image", order.image_urls, saved.images),
            ("video", order.video_urls, saved.videos),
            ("audio", order.audio_urls, saved.audios),
        ):
            for index, (url, path) in enumerate(zip(urls, paths, strict=True)):
                await self._fetch(kind, index, url, path, settings)  # type: ignore[arg-type]  # the three kinds
        return saved

    async def _fetch(
        self, kind: Kind, index: int, url: str, path: Path, settings: Settings
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            await self._fetcher.fetch(
                url,
                path,
                most_bytes=MOST_MEGABYTES[kind] * MEGABYTE,
                redirects=settings.reference_redirects,
                seconds=settings.reference_timeout_seconds,
            )
        except FetchError as error:
            problem = unreadable_problem(kind, index, error)
            code = "invalid_parameters" if isinstance(error, TooLargeError) else problem.code
            raise ProductionError(Failure(code=code, message=problem.message)) from error


def _is_clip(path: Path) -> bool:
    return path.parent.name == "clips"


def _sign(clip: Path, name: str, signed: Path) -> None:
    """Append a box that players skip (ISO 14496-12, 8.1.2); in one move, for readers beside us."""
    signed.parent.mkdir(exist_ok=True)
    word = name.encode()
    half = signed.with_suffix(f".{time.monotonic_ns()}.half")
    half.write_bytes(clip.read_bytes() + (8 + len(word)).to_bytes(4, "big") + b"free" + word)
    half.replace(signed)


async def _or_service_error(work: Awaitable[Result]) -> Result:
    try:
        return await work
    except StudioError as error:
        raise ProductionError(Failure(code="service_error", message=str(error))) from error
