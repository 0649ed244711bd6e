"""Tell events again: those of a job or a manifest from the ledger, those of a time from AWS."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from video_pipeline.domain.drop_events import told_events
from video_pipeline.domain.events import Event
from video_pipeline.domain.job import Job
from video_pipeline_cli import show
from video_pipeline_cli.answer import DONE, RUNNING, WRONG_USAGE, Answer, CommandError
from video_pipeline_cli.target import Target
from video_pipeline_cli.views import JOB_ID, look

ARCHIVE = "EventArchiveArn"
REPEATS = "Every subscriber gets them, each with the event_id that it had."
WITHOUT_ARCHIVE = (
    "{} keeps no archive of events. Use --job ID or --manifest KEY: "
    "they tell again what the ledger holds."
)


@dataclass(frozen=True)
class Span:
    """From when to when; `rules` are the ARNs of the only rules that shall get the events."""

    since: datetime
    until: datetime
    rules: tuple[str, ...] = ()


def replay_job(target: Target, name: str) -> Answer:
    """Tell again what was told of one job."""
    if not JOB_ID.fullmatch(name):
        raise CommandError(f"{name} is no job's id, which has 32 hex digits.", WRONG_USAGE)
    job = target.ledger.job(name)
    if job is None:
        raise CommandError(f"No job {name} is known to the stack {target.name}.", RUNNING)
    return _told_again(target, target.ledger.told_events(job))


def replay_manifest(target: Target, name: str) -> Answer:
    """Tell again what was told of a drop and of each of its jobs."""
    drop = look(target, name).drop
    if drop is None:
        raise CommandError(f"No drop {name} is known to the stack {target.name}.", RUNNING)
    first, *last = told_events(drop)
    of_jobs = _of_jobs(target, target.drops.each_job_of(drop.id))
    return _told_again(target, (event for part in ([first], of_jobs, last) for event in part))


def replay_span(target: Target, span: Span) -> Answer:
    """Let AWS tell again what its archive holds of a time; returns before it has."""
    archive = target.outputs.get(ARCHIVE)
    if archive is None:
        raise CommandError(WITHOUT_ARCHIVE.format(f"The stack {target.name}"), WRONG_USAGE)
    if span.since >= span.until:
        raise CommandError("--since must lie before --until and before now.", WRONG_USAGE)
    events = target.client("events")
    bus = events.describe_event_bus(Name=target.outputs["EventBusName"])["Arn"]
    name = f"{target.stack[:40]}-{target.clock.now():%Y%m%dT%H%M%S}"
    begun = events.start_replay(
        ReplayName=name,
        EventSourceArn=archive,
        EventStartTime=span.since,
        EventEndTime=span.until,
        Destination={"Arn": bus, **({"FilterArns": list(span.rules)} if span.rules else {})},
    )
    document = {
        "replay": name,
        "state": begun["State"].lower(),
        "since": span.since.isoformat(),
        "until": span.until.isoformat(),
    }
    follow = f"Follow it with `aws events describe-replay --replay-name {name}`."
    told = f"Events from {show.clock(span.since)} to {show.clock(span.until)} UTC are told again."
    return Answer(document, DONE, (told, REPEATS, follow))


def _of_jobs(target: Target, jobs: Iterable[Job]) -> Iterator[Event]:
    for job in jobs:
        yield from target.ledger.told_events(job)


def _told_again(target: Target, events: Iterable[Event]) -> Answer:
    kinds: dict[str, int] = {}

    def counted() -> Iterator[Event]:
        for event in events:
            kinds[event.type] = kinds.get(event.type, 0) + 1
            yield event

    number = target.bus.publish_all(counted())
    table = show.table("event", "told again", right=("told again",))
    for kind, times in kinds.items():
        table.add_row(kind, f"{times:,}")
    shown = (table, REPEATS) if number else ("Nothing was told yet.",)
    return Answer({"published": number, "kinds": kinds}, DONE, shown)
