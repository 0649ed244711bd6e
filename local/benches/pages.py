"""Write docs/performance.md, its picture and docs/costs.md from what the benches last found.

Each bench leaves its figures in .local/benches; those of all are kept in docs/performance.json,
so that a page is never newer or older than its figures, and a test can tell.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from benches import costs
from benches.plot import Panel, picture
from benches.side_by_side import RESULTS
from local_stack.places import PROJECT

DOCS = PROJECT / "docs"
KEPT = DOCS / "performance.json"
ORDER = ("archive", "cold", "warm", "pipeline", "intake")
COLD_TARGET, CALLBACK_TARGET = 0.42, 0.32
ARCHIVE_TARGETS = {
    "vs_curl_pipe": 0.95,
    "vs_upload_fileobj": 1.05,
    "vs_aws_cp": 1.35,
    "vs_download_upload": 1.4,
}
ALARMS, METRICS = 20, 12

Results = Mapping[str, Any]


def main() -> None:
    results = gathered()
    KEPT.write_text(json.dumps(results, indent=2) + "\n", "utf-8")
    for name, content in pages(results).items():
        (DOCS / name).write_text(content, "utf-8")
        print(f"docs/{name}")


def gathered() -> Results:
    """Return the newest figures of each bench; one that did not run here keeps its last ones."""
    kept = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    for name in ORDER:
        path = RESULTS / f"{name}.json"
        if path.exists():
            kept[name] = json.loads(path.read_text("utf-8"))
    return {name: kept[name] for name in ORDER if name in kept}


def pages(results: Results) -> dict[str, str]:
    return {
        "performance.md": "\n".join(performance(results)) + "\n",
        "performance.svg": picture(panels(results)),
        "costs.md": "\n".join(costs_page(results)) + "\n",
    }


def panels(results: Results) -> list[Panel]:
    drawn = []
    if "archive" in results:
        told = results["archive"]["figures"]
        bars = {name: told[name] for name in ARCHIVE_TARGETS}
        title = "Archive, 500 MB: throughput against others (more is better, dashed: the target)"
        drawn.append(Panel(title, bars, ARCHIVE_TARGETS, more_is_better=True))
    if "cold" in results:
        bars = {name: told["vs_naive"] for name, told in functions_of(results).items()}
        lines = {name: cold_target(name) for name in bars}
        title = "Cold start: CPU to the first answer against the naive handler (less is better, dashed: the target)"
        drawn.append(Panel(title, bars, lines))
    return drawn


def cold_target(function: str) -> float:
    return CALLBACK_TARGET if function == "receive_callback" else COLD_TARGET


def functions_of(results: Results) -> dict[str, dict[str, float]]:
    figures = results["cold"]["figures"]
    return {name: told for name, told in figures.items() if isinstance(told, dict)}


def performance(results: Results) -> Iterator[str]:
    yield from INTRODUCTION.splitlines()
    for name, result in results.items():
        yield from ("", f"## {TITLES[name]}", "", f"`make bench-{name}`. {METHODS[name]}", "")
        yield f"{result['machine']}; {result['at']}."
        yield ""
        yield from TABLES.get(name, plain)(result["figures"])
        if name == "pipeline":
            yield from ("", *limits(result["figures"]))


def plain(figures: Mapping[str, Any]) -> Iterator[str]:
    yield from ("| figure | value | target |", "| --- | --- | --- |")
    for name, value in figures.items():
        if not isinstance(value, Mapping):
            yield f"| `{name}` | {value} | {TARGETS.get(name, '')} |"
        else:
            told = ", ".join(f"{part} {of}" for part, of in value.items())
            yield f"| `{name}` | {told} | |"


def cold(figures: Mapping[str, Any]) -> Iterator[str]:
    names = ("cpu_ms", "vs_bare", "vs_minimal", "vs_naive", "rss_mb", "memory_mb", "zipped_mb")
    yield "| function | " + " | ".join(f"`{name}`" for name in names) + " | target |"
    yield "| --- |" + " --- |" * (len(names) + 1)
    for function, told in figures.items():
        if isinstance(told, Mapping):
            values = " | ".join(str(told[name]) for name in names)
            yield f"| {function} | {values} | ≤ {cold_target(function)} |"
    yield ""
    yield (
        f"A bare interpreter takes {figures['bare_cpu_ms']} ms, "
        f"the naive handler {figures['naive_cpu_ms']} ms; medians of {figures['rounds']} rounds."
    )
    if "first_call_vs_second" in figures:
        yield FIRST_CALL.format(**figures)


def limits(figures: Mapping[str, Any]) -> Iterator[str]:
    """Say what bounds the pipeline here, by the processor time of a job."""
    ours, trivial = figures["processor_ms_per_job"], figures["engine_processor_ms_per_job"]
    work, engines = sum(ours.values()), ours["engine"]
    yield from LIMITS.format(
        work=work,
        engines=engines,
        trivial=sum(trivial.values()),
        processors=figures["processors"],
        most=1000 * figures["processors"] / work,
        free=1000 / engines,
        share=1000 / engines / figures["engine_jobs_per_second"],
        alone=figures["completion_to_event_alone_s"],
    ).splitlines()


def costs_page(results: Results) -> Iterator[str]:
    yield from COSTS.format(date=costs.PRICES_READ).splitlines()
    if not {"cold", "warm", "pipeline"} <= results.keys():
        return
    measured = costs.measured_from(results)
    listed = sorted(costs.parts(measured), key=lambda part: -part.dollars)
    total, generation = sum(part.dollars for part in listed), costs.generation()
    yield from bill(listed, "per video")
    yield f"| **all** | | | **{total:.3f}** |"
    yield ""
    yield from VERDICT.format(
        total=total,
        generation=generation,
        share=100 * total / generation,
        first=listed[0].name.partition(":")[0],
        of_total=100 * listed[0].dollars / total,
        times=generation / total,
        storage=costs.storage().dollars,
    ).splitlines()
    yield from MEMORY.splitlines()
    yield from memory(measured)
    yield from IDLE.splitlines()
    idle = costs.idle(ALARMS, METRICS)
    yield from ("| part | a month | unit | US dollars |", "| --- | --- | --- | --- |")
    for part in idle:
        dollars = part.per_video * part.price
        yield f"| {part.name} | {part.per_video:,.0f} | {part.unit} | {dollars:.2f} |"
    yield f"| **all** | | | **{sum(part.per_video * part.price for part in idle):.2f}** |"


def memory(measured: costs.Measured) -> Iterator[str]:
    yield "| function |" + "".join(f" {size:,} MB |" for size in costs.SIZES)
    yield "| --- |" + " --- |" * len(costs.SIZES)
    for function in costs.WAIT_SECONDS:
        cells = [
            f"**{shown}**" if sized.memory == measured.memory[function] else shown
            for sized in costs.sizes(measured, function)
            for shown in [f"{sized.cold_seconds:.1f} s, ${sized.dollars:.3f}"]
        ]
        yield f"| {function} | " + " | ".join(cells) + " |"


def bill(listed: list[costs.Part], each: str) -> Iterator[str]:
    yield f"| part | {each} | unit | US dollars per 1,000 videos |"
    yield "| --- | --- | --- | --- |"
    for part in listed:
        yield f"| {part.name} | {part.per_video:.3g} | {part.unit} | {part.dollars:.4f} |"


TABLES = {"cold": cold}
TARGETS = {
    **{name: f"≥ {target}" for name, target in ARCHIVE_TARGETS.items()},
    "extra_rss_mb": "≤ 20",
    "cpu_vs_curl_pipe": "≤ 1.3",
    "vs_engine": "≥ 0.5",
}
TITLES = {
    "archive": "The archive",
    "cold": "Cold starts",
    "warm": "Warm functions",
    "pipeline": "The whole pipeline",
    "intake": "Large manifests",
}
METHODS = {
    "archive": (
        "One video from an HTTPS server to an S3 that discards it, over TLS, with CRC32 and "
        "SHA-256 on the way; throughput of ours over theirs."
    ),
    "cold": (
        "CPU of a fresh process, from its start to its first answer under AWS's own runtime "
        "client, on the trimmed layers, AWS answering at once over TLS; "
        "`archive_video` and `submit_job` up to the moment before media is read."
    ),
    "warm": (
        "Events in a second of CPU, beside a handler that makes the same calls and nothing else; "
        "`submit_job` looks at its reference and makes its paid call over fresh connections."
    ),
    "pipeline": (
        "Jobs dropped at once into the whole local stack, with a provider that finishes at once, "
        "every process started before; the engine's own limit is a machine of as many turns around "
        "a function that does nothing, likewise warm, each burst of ours followed by one of its."
    ),
    "intake": "10,000 jobs in one manifest, and 100, with their runs held.",
}
INTRODUCTION = """\
# Performance

Ratios are taken side by side in one run, in interleaved rounds, and are medians; compare ratios, not machines.
`make performance` writes this page, its picture and [costs.md](costs.md) from the figures that the benches left.

![Ratios of archive and cold starts, each with its target](performance.svg)

A warm order makes four calls to AWS, a warm ring two; `tests/unit/handlers/test_sdk_calls.py` counts them.
[Decision 7](decisions/0007-layers-are-trimmed-after-the-build.md) says what each trick of the layers saves.
Memory (`memory_mb`) is chosen by what a function does: one that waits gets 512 MB, ten times what it needs, for its share of a processor; taking a large manifest in and copying a video are work, and get 1,024; [costs.md](costs.md#which-memory) tells what other sizes would take and cost.
`receive_callback` must answer within 10 s: with 0.29 of a processor, which 512 MB bring, a third of a second of CPU takes about one second.
What stays of a cold start is mostly botocore: a handler that does nothing but make its clients and call once with each is the figure `vs_minimal`."""
FIRST_CALL = """\
The first call to AWS of a fresh `receive_callback`, from its event on, takes {first_call_ms} ms of CPU, the same call again {second_call_ms} ms: `first_call_vs_second` is {first_call_vs_second}, target ≤ 3."""
LIMITS = """\
The processors are the limit: a job takes {work} ms of them, {engines} ms in the engine, which is DynamoDB, S3, queues and Step Functions at once and has to answer every call of a job; a job of the trivial machine, whose function calls nothing, takes {trivial} ms.
So {processors} processors do no more than {most:.1f} jobs a second, and if all functions and the provider cost nothing it were {free:.1f}, because the engine is one Python process: a `vs_engine` of {share:.2f} is the most that any pipeline with these calls can reach here.
One job alone is told {alone} s after its completion; in a burst the same work queues for the processors."""
COSTS = """\
# Costs

List prices of us-east-1 as read on {date}, without free tiers, on arm64; times are those that the benches measured ([performance.md](performance.md)).
`local/benches/costs.py` holds every quantity, price and assumption; this page is written by `make performance`.

## One thousand videos

"""
VERDICT = """\
Generation takes {generation:.2f} US dollars for 1,000 videos of 5 s in 720p: the pipeline adds {share:.2f} %.
{first} takes {of_total:.0f} % of its part, because one place decides after every step, and each step is a transition.
That is accepted: one video that is bought twice costs as much as the pipeline's work for {times:.0f}.
Storage comes on top and stays: {storage:.2f} US dollars a month for 1,000 videos of 20 MB, unless `ArchiveStorageClass` or a lifecycle rule says otherwise.
"""
MEMORY = """\

## Which memory

Lambda gives a share of a processor by memory, a whole one with 1,769 MB: CPU takes as much longer as the share is smaller and costs the same, waits cost by memory.
The table is worked out from the CPU that the benches measured, not by deployments: seconds of CPU from cold to the first answer, and US dollars for all calls of 1,000 videos; what the template has is bold.
Half of 512 MB would double every cold start to save less than a cent; more than the bold sizes is paid for in every wait.
`submit_manifest` has more to load and to do; `archive_video` would do with half for a usual video, but one of 500 MB takes 2 s with 0.58 of a processor and 4 s with 0.29, at 2.3 s/GB of a whole one.

"""
IDLE = """\

## A month in which nothing is dropped

"""


if __name__ == "__main__":
    main()
