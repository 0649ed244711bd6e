"""The event bus, for the events that no execution tells."""

from itertools import islice
from typing import TYPE_CHECKING

from video_pipeline.domain.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from mypy_boto3_events import EventBridgeClient

    from video_pipeline.domain.events import Event

MOST_ENTRIES = 10  # of one call; ten of the largest events fit into its 256 KB


class EventBridgeBus:
    """The bus port over EventBridge; most functions never tell, so the client is made late."""

    def __init__(self, client: "Callable[[], EventBridgeClient]", bus: str) -> None:
        self._client = client
        self._bus = bus

    def publish(self, event: "Event") -> None:
        self.publish_all([event])

    def publish_all(self, events: "Iterable[Event]") -> int:
        """Publish events in their order, ten in a call; return how many there were."""
        published, coming = 0, iter(events)
        while batch := list(islice(coming, MOST_ENTRIES)):
            self._put(batch)
            published += len(batch)
        return published

    def _put(self, batch: "list[Event]") -> None:
        answer = self._client().put_events(
            Entries=[
                {
                    "Source": entry["Source"],
                    "DetailType": entry["DetailType"],
                    "Detail": entry["Detail"],
                    "EventBusName": entry["EventBusName"],
                }
                for entry in (event.entry(self._bus) for event in batch)
            ]
        )
        if answer["FailedEntryCount"]:
            told = zip(batch, answer["Entries"], strict=True)
            refused = [
                f"{event.type} {event.id} for {said['ErrorCode']}"
                for event, said in told
                if "ErrorCode" in said
            ]
            raise PipelineError(f"The bus refused {', '.join(refused)}.")
