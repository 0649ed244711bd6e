"""A few processes of their own that read and draw media, so that no request waits for them."""

import asyncio
import multiprocessing
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

CALL_SECONDS = 300


class StudioError(Exception):
    """When a worker failed at its work, died over it, or took far too long."""


class Studio:
    """Hands work to at most so many processes; each starts when first needed."""

    def __init__(self, workers: int) -> None:
        self._places = asyncio.Semaphore(workers)
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()

    async def do(self, work: Callable[..., Any], *arguments: object) -> Any:  # noqa: ANN401 - the work's own result
        async with self._places:
            worker = self._idle.pop() if self._idle else self._hire()
            try:
                async with asyncio.timeout(CALL_SECONDS):
                    result = await worker.call(work, arguments)
            except (EOFError, OSError, TimeoutError) as error:
                raise StudioError(f"the media worker failed ({type(error).__name__})") from error
            else:
                self._idle.append(worker)
            finally:
                if worker not in self._idle:
                    self._dismiss(worker)
        if isinstance(result, Exception):
            raise StudioError(f"the media worker failed ({type(result).__name__})") from result
        return result

    def close(self) -> None:
        for worker in list(self._all):
            self._dismiss(worker)

    def _hire(self) -> "_Worker":
        worker = _Worker()
        self._all.add(worker)
        return worker

    def _dismiss(self, worker: "_Worker") -> None:
        self._all.discard(worker)
        worker.stop()


class _Worker:
    """One process at the end of a pipe; it ends by itself when the pipe does."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, far_end = context.Pipe()
        self._process = context.Process(target=_serve, args=(far_end,), daemon=True)
        self._process.start()
        far_end.close()

    async def call(self, work: Callable[..., Any], arguments: tuple[object, ...]) -> Any:  # noqa: ANN401 - the work's own result
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()

        def wait() -> None:
            try:
                self._pipe.send((work, arguments))
                result, error = self._pipe.recv(), None
            except (EOFError, OSError) as broken:
                result, error = None, broken
            loop.call_soon_threadsafe(_deliver, answer, result, error)

        threading.Thread(target=wait, daemon=True).start()
        return await answer

    def stop(self) -> None:
        self._process.kill()
        self._process.join()
        self._process.close()
        self._pipe.close()


def _deliver(answer: asyncio.Future[Any], result: object, error: Exception | None) -> None:
    if answer.done():
        return
    if error:
        answer.set_exception(error)
    else:
        answer.set_result(result)


def _serve(pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            work, arguments = pipe.recv()
        except EOFError:
            return
        try:
            result = work(*arguments)
        except Exception as error:  # noqa: BLE001 - handed to the one who asked
            result = error
        pipe.send(result)
