"""Values of the domain as DynamoDB items, and back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from video_pipeline.domain.control import FIRST_PROBE, Control
from video_pipeline.domain.drop import Drop, DropState
from video_pipeline.domain.events import Event
from video_pipeline.domain.job import ArchivedVideo, Charged, Job, JobState, Moment
from video_pipeline.domain.media import MediaFacts, Reference
from video_pipeline.domain.problem import Problem
from video_pipeline.domain.request import VideoRequest
from video_pipeline.domain.versions import RECORD

Value = TypeVar("Value")
Attribute = dict[str, Any]
Item = dict[str, Any]


def job_key(job_id: str) -> Item:
    return _key(f"JOB#{job_id}", "JOB")


def event_key(job_id: str, sequence: int) -> Item:
    return _key(f"JOB#{job_id}", f"EVENT#{sequence:06d}")


def change_key(sequence: int) -> Item:
    """Name the event of one pause or resumption of the whole account."""
    return _key("CONTROL", f"EVENT#{sequence:06d}")


def claims_name(attempt: int) -> str:
    """Name the attribute of a job that holds the task ids claimed for one of its attempts."""
    return f"claims_{attempt:04d}"


def task_key(task_id: str) -> Item:
    return _key(f"TASK#{task_id}", "TASK")


def drop_key(drop_id: str) -> Item:
    return _key(f"DROP#{drop_id}", "DROP")


def roster_key(drop_id: str, page: int) -> Item:
    return _key(f"DROP#{drop_id}", f"ROSTER#{page:06d}")


def validated_key(drop_id: str, number: int) -> Item:
    return _key(f"DROP#{drop_id}", f"VALIDATED#{number:06d}")


def media_key(digest: str) -> Item:
    return _key(f"MEDIA#{digest}", "MEDIA")


def folder_key(folder: str) -> Item:
    return _key(f"FOLDER#{folder}", "FOLDER")


def credits_key(day: str) -> Item:
    return _key(f"CREDITS#{day}", "CREDITS")


OPEN_DROP = "drop"
CONTROL_KEY: Item = {"pk": {"S": "CONTROL"}, "sk": {"S": "CONTROL"}}


def encode(value: object) -> Attribute:  # noqa: PLR0911 - a table of types, one answer each
    """Return one value as a DynamoDB attribute."""
    match value:
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case str():
            return {"S": str(value)}
        case datetime():
            return {"S": instant(value)}
        case frozenset():
            return {"SS": sorted(value)}
        case VideoRequest():
            return {"S": value.canonical()}
        case ArchivedVideo() | Event():
            return {"S": json.dumps(asdict(value), ensure_ascii=False)}
        case tuple():
            return {"S": json.dumps([asdict(part) for part in value], ensure_ascii=False)}
        case Mapping():
            return {"M": {name: encode(part) for name, part in value.items()}}
    raise TypeError(f"no attribute for {type(value).__name__}")


def instant(at: datetime) -> str:
    """Write an instant so that text order is time order."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def encode_fields(value: Job | Drop) -> Item:
    """Return every field that holds something; an empty set or None is no attribute."""
    named = {field.name: getattr(value, field.name) for field in fields(value)}
    return {name: encode(part) for name, part in named.items() if not is_empty(part)}


def is_empty(value: object) -> bool:
    return value is None or value in (frozenset(), ())


RECORD_VERSION: Item = {"record_version": encode(RECORD)}


def job_item(job: Job) -> Item:
    """Return a job with its keys and what its indexes are made of."""
    index = {
        "manifest": encode(f"{job.bucket}/{job.manifest_key}"),
        "open_state": encode(job.state),
    }
    return {**job_key(job.id), **index, **encode_fields(job), **RECORD_VERSION}


def job_of(item: Item) -> Job:
    return Job(**_decode(item, Job, _JOB_DECODERS))


def event_item(key: Item, event: Event, expires_at: int) -> Item:
    return {
        **key,
        "event_id": encode(event.id),
        "type": encode(event.type),
        "sequence": encode(event.sequence),
        "detail": encode(json.dumps(event.detail, ensure_ascii=False)),
        "expires_at": encode(expires_at),
    }


def event_of(item: Item) -> Event:
    return Event(
        id=plain(item["event_id"]),
        type=plain(item["type"]),
        sequence=plain(item["sequence"]),
        detail=json.loads(plain(item["detail"])),
    )


def drop_item(drop: Drop) -> Item:
    """Return a drop with its keys; one whose end is not told yet stands among the open jobs."""
    is_open = drop.state is DropState.ACCEPTED
    index = {"open_state": encode(OPEN_DROP)} if is_open else {}
    return {**drop_key(drop.id), **index, **encode_fields(drop), **RECORD_VERSION}


def drop_of(item: Item) -> Drop:
    return Drop(**_decode(item, Drop, _DROP_DECODERS))


def control_of(item: Item) -> Control:
    """Return the account's row; an empty item is an account without trouble."""
    stored = {name: plain(value) for name, value in item.items()}
    for name in {"since", "not_before"} & stored.keys():
        stored[name] = datetime.fromisoformat(stored[name])
    seconds = stored.get("probe_seconds", FIRST_PROBE.total_seconds())
    names = {field.name for field in fields(Control)} & stored.keys()
    return Control(**{name: stored[name] for name in names}, probe_every=timedelta(seconds=seconds))


def plain(attribute: Any) -> Any:  # noqa: ANN401 - whatever was stored
    """Return what an attribute holds, without knowing whose it is."""
    kind, value = next(iter(attribute.items()))
    match kind:
        case "N":
            return int(value)
        case "SS":
            return frozenset(value)
        case "M":
            return {name: plain(part) for name, part in value.items()}
    return value


def _decode(
    item: Item, kind: type[Job | Drop], decoders: Mapping[str, Callable[[Any], Any]]
) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    values = {name: plain(attribute) for name, attribute in item.items() if name in names}
    return {
        name: decoders[name](value) if name in decoders else value for name, value in values.items()
    }


def _completion_of(text: str) -> Event:
    return _known(Event, json.loads(text))


def _reference_of(tree: dict[str, Any]) -> Reference:
    return Reference(**{**tree, "facts": MediaFacts(**tree["facts"])})


def _problems_of(text: str) -> tuple[Problem, ...]:
    return tuple(_known(Problem, problem) for problem in json.loads(text))


def _known(kind: Callable[..., Value], stored: Mapping[str, Any]) -> Value:
    """Make a value of the fields that this version knows; a later one may have stored more."""
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]  # a dataclass
    return kind(**{name: part for name, part in stored.items() if name in names})


def _key(partition: str, sort: str) -> Item:
    return {"pk": {"S": partition}, "sk": {"S": sort}}


_INSTANTS = dict.fromkeys(
    (
        "created_at",
        "state_since",
        "deadline",
        "not_before",
        "waiting_since",
        "called_at",
        "lease_until",
        "submitted_at",
        "completed_at",
        "link_expires_at",
        "dropped_at",
        "recorded_at",
        "viewed_at",
        "covered_at",
        "owed_after",
    ),
    datetime.fromisoformat,
)
_JOB_DECODERS: dict[str, Callable[[Any], Any]] = {
    **_INSTANTS,
    "state": JobState,
    "charged": Charged,
    "request": VideoRequest.from_canonical,
    "references": lambda text: tuple(map(_reference_of, json.loads(text))),
    "trail": lambda text: tuple(_known(Moment, moment) for moment in json.loads(text)),
    "video": lambda text: _known(ArchivedVideo, json.loads(text)),
}
_DROP_DECODERS: dict[str, Callable[[Any], Any]] = {
    **_INSTANTS,
    "state": DropState,
    "problems": _problems_of,
    "completion": _completion_of,
}
