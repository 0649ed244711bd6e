"""Writes events/published/ and the registry's template: `make published`.

Schemas come from the types of the details (local/event_contract); samples are what the pipeline
really tells when small stories are played with fixed times and versions.
A test fails when code, schema and sample part ways.
"""

import hashlib
import json
import zlib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from moto import mock_aws

from event_contract.history import broken_promises, file_name, history_name, version_of
from event_contract.registry import registry_template
from event_contract.schemas import REPORT, RESULT, event_schema, report_schema, result_schema
from tests.support.template import ROOT
from tests.support.world import ARCHIVE, INTAKE, ONE_REQUEST, START, World
from video_pipeline.adapters.reports import as_csv
from video_pipeline.domain.answers import AccountRefused, AccountTrouble, Unknown
from video_pipeline.domain.completion_report import CompletionReport
from video_pipeline.domain.events import VERSIONS
from video_pipeline.domain.identity import report_key
from video_pipeline.domain.media import VideoFacts
from video_pipeline.domain.next_step import Done, Later
from video_pipeline.domain.result import Result
from video_pipeline.ports import Labels, StoredObject, Stream, Video
from video_pipeline.use_cases.submit_manifest import DroppedObject

FOLDER = ROOT / "events" / "published"
HISTORY = FOLDER / "history"
REGISTRY = ROOT / "events" / "registry.template.json"
KEY = "manifests/spring/promo.json"
MANIFEST = {**ONE_REQUEST, "name": "fruit-tea", "metadata": {"campaign": "spring"}}
VERSION_OF_MANIFEST = "3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY-MTRCxf3vjVBH40Nr8X8gdRQBpUMLUo"
VERSION_OF_VIDEO = "QUpfdndhfd8438MNFDN93jdnJFkdmqnh893-Tz_Nd8RcJd0n5KgJd7hTqUjXwLpA"

Event = dict[str, Any]
Schema = dict[str, Any]


@dataclass(frozen=True)
class FixedFile:
    content: bytes
    version_id: str = VERSION_OF_MANIFEST
    dropped_at: datetime = START

    @property
    def size(self) -> int:
        return len(self.content)

    def read(self, first_byte: int, length: int) -> bytes:
        return self.content[first_byte : first_byte + length]


class FixedIntake:
    """One manifest, whose version is always the same."""

    def __init__(self, manifest: object) -> None:
        self._file = FixedFile(json.dumps(manifest).encode())

    def open(self, bucket: str, key: str, version_id: str | None) -> FixedFile:
        assert (bucket, key, version_id) == (INTAKE, KEY, VERSION_OF_MANIFEST)
        return self._file


class FixedVideo:
    """A link's video, whatever the link."""

    size, content_type, poster = 2_113_536, "video/mp4", b"poster"
    facts = VideoFacts(5.0, 1280, 720, "h264", "aac", 24.0)

    @contextmanager
    def open(self, link: str) -> Iterator[Video]:
        assert link
        yield self

    def stream(self) -> AbstractContextManager[Stream]:
        raise NotImplementedError


class FixedArchive:
    """An archive that is empty, and whose versions and sums are always the same."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def find(self, key: str) -> None:
        assert key

    def copy(self, key: str, video: Video, labels: Labels, over: object) -> StoredObject:
        assert not over
        assert labels.metadata
        sha256 = hashlib.sha256(b"video").hexdigest()
        return StoredObject(ARCHIVE, key, VERSION_OF_VIDEO, video.size, sha256, "fTy8Vg==")

    def reread(self, key: str, found: object) -> None:
        raise NotImplementedError

    def put(self, key: str, body: bytes, labels: Labels) -> StoredObject:
        sha256 = hashlib.sha256(body).hexdigest()
        assert labels.content_type
        self.kept[key] = body
        crc32 = b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()
        return StoredObject(ARCHIVE, key, VERSION_OF_VIDEO, len(body), sha256, crc32)


class Story(World):
    """A world in which one manifest is dropped, and all that it tells is written down."""

    def __init__(self, manifest: object = MANIFEST) -> None:
        super().__init__()
        self.submit_manifest = replace(self.submit_manifest, intake=FixedIntake(manifest))
        self.fixed = FixedArchive()
        self.archive_video = replace(self.archive_video, archive=self.fixed)
        dropped = self.take_in(DroppedObject(INTAKE, KEY, VERSION_OF_MANIFEST))
        self.jobs = self.drops.jobs_of(dropped.id)

    def play(self) -> "Story":
        self.spin(self.jobs[0])
        self.clock.advance(seconds=95)
        return self

    def report(self) -> CompletionReport:
        """Return the completion report of the manifest, as it lies beside the receipt."""
        (drop_id,) = self.jobs[0].drops
        key = report_key(KEY, drop_id, "json")
        found: CompletionReport = json.loads(
            self.s3.get_object(Bucket=INTAKE, Key=key)["Body"].read()
        )
        return found

    def result(self) -> Result:
        """Return what lies beside the archived video."""
        (body,) = (body for key, body in self.fixed.kept.items() if key.endswith("result.json"))
        found: Result = json.loads(body)
        return found

    def told_events(self) -> dict[str, Event]:
        """Return the first event of each kind as a subscriber gets it."""
        entries = [event.entry("bus") for event in self.bus.events] + self.published
        told: dict[str, Event] = {}
        for entry in entries:
            told.setdefault(entry["DetailType"], as_received(entry))
        return told


def as_received(entry: Mapping[str, str]) -> Event:
    """Return what a subscriber gets of what was put on the bus."""
    return {
        "source": entry["Source"],
        "detail-type": entry["DetailType"],
        "detail": json.loads(entry["Detail"]),
    }


def archived() -> Story:
    story = Story().play()
    story.archive_video = replace(story.archive_video, links=FixedVideo())
    story.provider.finish()
    return story.play()


def rejected() -> Story:
    return Story({**MANIFEST, "duration": 99, "qualty": "720p"})


def failed() -> Story:
    story = Story().play()
    story.provider.fail("content_policy_violation")
    return story.play()


def unconfirmed() -> Story:
    story = Story()
    story.provider.answers.append(lambda _: Unknown("timed out"))
    return story.play()


def paused() -> Story:
    """The account runs dry, is topped up, and the probe ends the pause."""
    story = Story()
    dry = AccountRefused(AccountTrouble.QUOTA, 402, "insufficient_quota", "Not enough credits.")
    story.provider.answers.append(lambda _: dry)
    story.play()
    story.clock.advance(minutes=2)
    return story.play()


def at_risk() -> Story:
    story = Story().play()
    story.fetcher.default = None
    story.provider.finish()
    while "Link At Risk" not in story.told():
        assert isinstance(story.spin(story.jobs[0]), Later | Done)
        story.clock.advance(minutes=30)
    return story


def link_expired() -> Story:
    """The provider finished, but its link gave nothing for a whole day."""
    story = at_risk()
    while "Video Failed" not in story.told():
        story.spin(story.jobs[0])
        story.clock.advance(hours=1)
    return story


def three_ends() -> Story:
    """One job is archived, one refused by moderation, one lost with its answer."""
    names = ("fruit-tea", "iced-tea", "green-tea")
    story = Story({"jobs": [{**MANIFEST, "name": name} for name in names]})
    good, bad, lost = story.jobs
    for job in (good, bad):
        story.spin(job)
    story.clock.advance(seconds=95)
    story.provider.finish("task-unified-1")
    story.provider.fail("content_policy_violation", "task-unified-2")
    story.provider.answers.append(lambda _: Unknown("timed out"))
    for job in (lost, bad, good):
        story.spin(job)
    return story


STORIES = (archived, rejected, failed, unconfirmed, paused, at_risk)


def samples() -> dict[str, Any]:
    """Play every story; return events of each kind and both documents, by file."""
    told: dict[str, Event] = {}
    more: dict[str, Any] = {}
    for story in STORIES:
        with mock_aws():
            told = {**story().told_events(), **told}
    with mock_aws():
        more["video_failed.link_expired"] = link_expired().told_events()["Video Failed"]
    with mock_aws():
        mixed = three_ends()
        more["manifest_completed.three_ends"] = mixed.told_events()["Manifest Completed"]
        report = mixed.report()
    with mock_aws():
        document = archived().result()
    firsts = {file_name(kind): told[kind] for kind in VERSIONS}
    events = {f"{name}.sample.json": event for name, event in {**firsts, **more}.items()}
    table = as_csv(report)
    name = file_name(REPORT)
    documents = {f"{name}.sample.json": report, f"{file_name(RESULT)}.sample.json": document}
    return {**events, **documents, f"{name}.sample.csv": table}


def schemas() -> dict[str, Schema]:
    """Return every schema by its title: of each kind of event, and of both documents."""
    events = {kind: event_schema(kind) for kind in VERSIONS}
    return {**events, REPORT: report_schema(), RESULT: result_schema()}


def files() -> dict[str, str]:
    """Return what belongs into the folder, by name; older versions in history/ stay as they are."""
    found: dict[str, str] = {}
    for title, schema in schemas().items():
        found[f"{file_name(title)}.schema.json"] = as_text(schema)
        found[f"history/{history_name(title, version_of(schema))}"] = as_text(schema)
    for name, sample in samples().items():
        found[name] = sample if isinstance(sample, str) else as_text(sample)
    return found


def registry() -> Schema:
    return registry_template({kind: event_schema(kind) for kind in VERSIONS})


def as_text(content: object) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def write() -> None:
    """Write every file; refuses to forget what was promised."""
    broken = list(broken_promises(HISTORY, schemas()))
    if broken:
        advice = "Raise the kind's version in domain/events.py, or keep the promise."
        raise SystemExit("\n".join(["This would break subscribers:", *broken, advice]))
    HISTORY.mkdir(exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text, "utf-8", newline="")
    REGISTRY.write_text(as_text(registry()), "utf-8")


if __name__ == "__main__":
    write()
