"""What one video costs beside its generation: quantities per video, times public prices.

Prices are list prices of us-east-1 without free tiers, on Lambda's arm64.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from video_pipeline.adapters.price_list import load_prices
from video_pipeline.domain.credits import to_credits
from video_pipeline.domain.request import VideoRequest

PRICES_READ = "2026-11-25"
USD_PER_CREDIT = 1 / 68  # EvoLink's public rate
VIDEOS = 1000

# What is assumed of a usual video, and of what this machine cannot measure.
GENERATION_SECONDS = 165
POLL_SECONDS = 60
VIDEO_GB = 0.02
LOG_GB = 8e-6
WAIT_SECONDS = {
    "advance_job": 0.2,
    "archive_video": 1.5,
    "receive_callback": 0.03,
    "submit_job": 1.5,
    "submit_manifest": 0.3,
}
ARCHIVE_MS = 100  # CPU of the look, and of a copy at 2.3 s/GB
FULL_CPU_MB = 1769  # the memory with which Lambda gives one whole processor
SIZES = (256, 512, 1024, FULL_CPU_MB)
COLD_SHARE = 0.1

GB_SECOND, INVOCATION = 0.0000133334, 0.20e-6
TRANSITION = 25e-6
WRITE_UNIT, READ_UNIT = 0.625e-6, 0.125e-6
PUT, GET = 5e-6, 0.4e-6
CALLBACK = 1e-6
EVENT = 1e-6
MESSAGE = 0.4e-6
SECRET_CALL = 5e-6
LOG = 0.5
STORED_GB_MONTH = 0.023


@dataclass(frozen=True, slots=True)
class Part:
    """So many units of something per video, each at a price."""

    name: str
    per_video: float
    unit: str
    price: float

    @property
    def dollars(self) -> float:
        """Return US dollars per 1,000 videos."""
        return VIDEOS * self.per_video * self.price


@dataclass(frozen=True, slots=True)
class Measured:
    """What the benches found: CPU in milliseconds, memory in MB."""

    warm_ms: Mapping[str, float]
    cold_ms: Mapping[str, float]
    memory: Mapping[str, int]
    hub_turns: int
    transitions: int

    def gb_seconds(self, function: str, waits: float, memory: int | None = None) -> float:
        """Return what one call is billed: its CPU at its share of a processor, and its waits."""
        memory = self.memory[function] if memory is None else memory
        cpu_ms = self.warm_ms.get(function, 0) + COLD_SHARE * self.cold_ms[function]
        return (cpu_ms / 1000 * slowdown(memory) + waits) * memory / 1024

    @property
    def calls(self) -> dict[str, int]:
        """Return how often each function runs for one video."""
        hub = self.hub_turns + GENERATION_SECONDS // POLL_SECONDS
        return {name: hub if name == "advance_job" else 1 for name in WAIT_SECONDS}


@dataclass(frozen=True, slots=True)
class Sized:
    """A function with so much memory: how long it starts from cold, and what its calls cost."""

    memory: int
    cold_seconds: float
    dollars: float  # per 1,000 videos


def sizes(measured: Measured, function: str) -> Iterator[Sized]:
    """Work out each size from CPU measured on a whole processor; none was deployed for it."""
    for memory in SIZES:
        time = measured.gb_seconds(function, WAIT_SECONDS[function], memory)
        dollars = VIDEOS * measured.calls[function] * time * GB_SECOND
        yield Sized(memory, measured.cold_ms[function] / 1000 * slowdown(memory), dollars)


def slowdown(memory: int) -> float:
    """Return how many times longer the same CPU takes with a share of a processor."""
    return max(1.0, FULL_CPU_MB / memory)


def parts(measured: Measured) -> Iterator[Part]:
    polls = GENERATION_SECONDS // POLL_SECONDS
    hub = measured.hub_turns + polls
    transitions = measured.transitions + 3 * polls  # the wait, the hub, its choice
    yield Part("Step Functions: transitions of the wheel", transitions, "transition", TRANSITION)
    yield Part("Lambda: time", sum(_times(measured)), "GB-second", GB_SECOND)
    yield Part("Lambda: calls", hub + 4, "call", INVOCATION)
    yield Part("S3: video, poster, sidecar, receipts", 6, "PUT", PUT)
    yield Part("S3: manifest, receipts, references", 5, "GET", GET)
    yield Part("DynamoDB: writes, those of transactions twice", 38, "unit", WRITE_UNIT)
    yield Part("DynamoDB: consistent reads", 2 * hub + 6, "unit", READ_UNIT)
    yield Part("EventBridge: our events, the drop's is free", 3, "event", EVENT)
    yield Part("SQS: two messages in, out and away", 6, "request", MESSAGE)
    yield Part("API Gateway: the callback", 1, "request", CALLBACK)
    yield Part("Secrets Manager: kept for a minute", 0.5, "call", SECRET_CALL)
    yield Part("CloudWatch Logs", LOG_GB, "GB", LOG)


def storage() -> Part:
    return Part("S3: storage of the videos, every month", VIDEO_GB, "GB-month", STORED_GB_MONTH)


def _times(measured: Measured) -> Iterator[float]:
    for function, waits in WAIT_SECONDS.items():
        yield measured.calls[function] * measured.gb_seconds(function, waits)


def idle(alarms: int, metrics: int) -> tuple[Part, ...]:
    """Return what a stack costs in a month in which nothing is dropped; units are per month."""
    month = 30 * 86_400
    polls = 4 * 5 * month / 20  # four mappings, five pollers each, which ask every 20 s
    return (
        Part("SQS: Lambda's pollers ask empty queues", polls, "request", MESSAGE),
        Part("CloudWatch: alarms", alarms, "alarm", 0.10),
        Part("CloudWatch: metrics of our own", metrics, "metric", 0.30),
        Part("CloudWatch: dashboard", 1, "dashboard", 3.0),
        Part("Secrets Manager: two secrets", 2, "secret", 0.40),
        Part("Lambda: measure and reconcile", month / 300 + month / 900, "call", 5e-6),
    )


def generation() -> float:
    """Return what the provider takes for 1,000 videos of 5 s in 720p, in US dollars."""
    request = VideoRequest(prompt="tea", image_urls=("https://example.com/tea.png",))
    units = load_prices().estimate(request)
    return VIDEOS * float(Decimal(str(to_credits(units)))) * USD_PER_CREDIT


def measured_from(results: Mapping[str, Any]) -> Measured:
    """Read the benches' figures as `docs/performance.json` keeps them."""
    cold, rates, pipeline = (results[name]["figures"] for name in ("cold", "warm", "pipeline"))
    functions = {name: told for name, told in cold.items() if isinstance(told, dict)}
    rates = rates["events_per_cpu_second"]
    warm = {name: 1000 / rates[name] for name in rates if not name.startswith("noop")}
    return Measured(
        warm_ms={**warm, "archive_video": ARCHIVE_MS},
        cold_ms={name: told["cpu_ms"] for name, told in functions.items()},
        memory={name: told["memory_mb"] for name, told in functions.items()},
        hub_turns=pipeline["hub_turns"],
        transitions=pipeline["transitions"],
    )
