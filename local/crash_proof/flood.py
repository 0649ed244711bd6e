"""Ten thousand callbacks of rubbish in a minute, beside everything else that happens."""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock

from crash_proof.provider import http

PROVIDER_WAITS = 10.0
"""Seconds within which a callback must be answered [seed]."""

HARMLESS = {200, 404}
DIED = 502
"""What a caller hears of a function that was killed; the provider then calls again."""

SENDERS = 16
BODIES: tuple[bytes, ...] = (b"", b"{", b"\xff\xfe\x00", b"[1, 2]", b'{"id": 7}', b'{"id": null}')


@dataclass
class Flood:
    """Sends `count` callbacks, at best in `seconds`; `figures` says how they were answered.

    `capable` names callback paths that are genuine: rubbish there is a ring, and changes nothing.
    """

    base_url: str
    capable: Callable[[], list[str]]
    count: int = 10_000
    seconds: float = 60
    slowest: float = 0
    answers: Counter[int] = field(default_factory=Counter)
    took: float = 0
    _lock: Lock = field(default_factory=Lock)
    _stop: Event = field(default_factory=Event)

    def is_harmless(self, deaths: int) -> bool:
        """Say whether all were answered well and in time, but for so many planned deaths."""
        well = sum(self.answers[status] for status in HARMLESS)
        died = self.answers[DIED]
        answered = well + died == self.count and died <= deaths
        return answered and self.slowest < PROVIDER_WAITS

    def figures(self) -> dict[str, object]:
        return {
            "sent": self.answers.total(),
            "seconds": round(self.took),
            "slowest_answer_s": round(self.slowest, 2),
            "answers": {str(status): times for status, times in sorted(self.answers.items())},
        }

    @contextmanager
    def beside(self) -> Iterator[None]:
        """Send while something else goes on, and to the end, unless that ends in an error."""
        with ThreadPoolExecutor(1) as aside:
            sending = aside.submit(self._send_all)
            try:
                yield
            except BaseException:
                self._stop.set()
                raise
            sending.result()

    def _send_all(self) -> None:
        begun = time.monotonic()
        with ThreadPoolExecutor(SENDERS) as pool:
            list(pool.map(lambda number: self._send(number, begun), range(self.count)))
        self.took = time.monotonic() - begun

    def _send(self, number: int, begun: float) -> None:
        due = begun + number * self.seconds / self.count
        if self._stop.wait(max(0.0, due - time.monotonic())):
            return
        url, body = self._rubbish(random.Random(number))  # noqa: S311 - reproducible
        sent = time.monotonic()
        status, _ = http("POST", url, body)
        with self._lock:
            self.answers[status] += 1
            self.slowest = max(self.slowest, time.monotonic() - sent)

    def _rubbish(self, chance: random.Random) -> tuple[str, bytes]:
        genuine = self.capable()
        if genuine and chance.random() < 0.1:  # noqa: PLR2004 - most come from strangers
            return chance.choice(genuine), chance.choice(BODIES)
        job, proof = (f"{chance.getrandbits(bits):0{bits // 4}x}" for bits in (64, 128))
        body = json.dumps({"id": f"task-unified-{chance.random()}"}).encode()
        return f"{self.base_url}/callbacks/{job}/1/00000000/{proof}", body
