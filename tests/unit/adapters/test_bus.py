import json
from dataclasses import replace
from typing import Any

import pytest

from video_pipeline.adapters.bus import EventBridgeBus
from video_pipeline.domain.errors import PipelineError
from video_pipeline.domain.events import Event

EVENT = Event("drop-1-accepted", "Manifest Accepted", 1, {"metadata": {"für": "Frühling"}})


class Client:
    def __init__(self, failed: int = 0) -> None:
        self.failed = failed
        self.entries: list[dict[str, str]] = []
        self.calls: list[int] = []

    def put_events(self, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803 - boto3's
        self.entries += Entries
        self.calls.append(len(Entries))
        return {"FailedEntryCount": self.failed, "Entries": [{"ErrorCode": "InternalFailure"}]}


def test_an_event_reaches_the_named_bus_under_our_source() -> None:
    client: Any = Client()
    EventBridgeBus(lambda: client, "events").publish(EVENT)
    (entry,) = client.entries
    assert (entry["Source"], entry["EventBusName"]) == ("video-pipeline", "events")
    assert entry["DetailType"] == "Manifest Accepted"
    assert json.loads(entry["Detail"]) == EVENT.detail


def test_an_entry_that_the_bus_refused_is_an_error_that_names_it() -> None:
    client: Any = Client(failed=1)
    with pytest.raises(PipelineError, match=r"Manifest Accepted drop-1-accepted.*InternalFailure"):
        EventBridgeBus(lambda: client, "events").publish(EVENT)


def test_many_events_keep_their_order_and_share_calls() -> None:
    client: Any = Client()
    many = [replace(EVENT, sequence=number, type=f"kind {number}") for number in range(23)]
    assert EventBridgeBus(lambda: client, "events").publish_all(iter(many)) == 23
    assert client.calls == [10, 10, 3]
    assert [entry["DetailType"] for entry in client.entries] == [event.type for event in many]
