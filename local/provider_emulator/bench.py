"""Measures what a freshly started emulator holds: `python -m provider_emulator.bench`."""

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

KEY = "sk-bench"
BODY = {"model": "seedance-2.0-mini-reference-to-video", "prompt": "a bench", "duration": 4}
WORKERS = 16
OPTIONS = ("--rendering", "clip", "--clock-speed", "1000", "--balance", "1e6", "--api-key", KEY)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=10_000)
    asyncio.run(_bench(parser.parse_args().tasks))


async def _bench(count: int) -> None:
    async with _emulator() as (process, client):
        await _create(client)
        await asyncio.sleep(5)
        print(f"memory at rest: {_memory(process.pid):.0f} MB")
        created: list[str] = []

        async def create() -> None:
            created.append(await _create(client))

        async def read() -> None:
            (await client.get(f"/v1/tasks/{created.pop()}")).raise_for_status()

        await _repeat("creates", count, create)
        print(f"memory after {count} creates: {_memory(process.pid):.0f} MB")
        await _settle(client, count)
        print(f"memory after {count} tasks completed: {_memory(process.pid):.0f} MB")
        await _repeat("reads", count, read)


async def _create(client: httpx.AsyncClient) -> str:
    response = await client.post("/v1/videos/generations", json=BODY)
    response.raise_for_status()
    return str(response.json()["id"])


async def _repeat(name: str, count: int, call: Callable[[], Awaitable[None]]) -> None:
    left = iter(range(count))

    async def work() -> None:
        for _ in left:
            await call()

    begun = time.monotonic()
    await asyncio.gather(*(work() for _ in range(WORKERS)))
    seconds = time.monotonic() - begun
    print(f"{name}: {count / seconds:.0f} per second")


async def _settle(client: httpx.AsyncClient, count: int) -> None:
    begun, total = time.monotonic(), 0
    while total < count:
        await asyncio.sleep(0.1)
        answer = await client.get("/v1/tasks", params={"status": "completed", "page_size": 1})
        total = answer.json()["total"]
    print(f"all completed {time.monotonic() - begun:.1f} s after the last create")


@asynccontextmanager
async def _emulator() -> AsyncIterator[tuple[subprocess.Popen[bytes], httpx.AsyncClient]]:
    command = [sys.executable, "-m", "provider_emulator", *OPTIONS]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: ASYNC220 - the bench waits for it
        if process.stdout is None:
            raise RuntimeError("the emulator has no output")
        greeting = json.loads(process.stdout.readline())
        headers = {"Authorization": f"Bearer {KEY}"}
        try:
            async with httpx.AsyncClient(base_url=greeting["url"], headers=headers) as client:
                yield process, client
        finally:
            process.terminate()


def _memory(process_id: int) -> float:
    """Return the resident megabytes of the emulator itself, without its media workers."""
    for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise LookupError(process_id)


if __name__ == "__main__":
    main()
