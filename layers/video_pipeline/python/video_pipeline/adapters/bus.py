"""The event bus, for the events that no execution tells."""

from typing import TYPE_CHECKING

from video_pipeline.domain.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_events import EventBridgeClient

    from video_pipeline.domain.events import Event


class EventBridgeBus:
    """The bus port over EventBridge; most functions never tell, so the client is made late."""

    def __init__(self, client: "Callable[[], EventBridgeClient]", bus: str) -> None:
        self._client = client
        self._bus = bus

    def publish(self, event: "Event") -> None:
        entry = event.entry(self._bus)
        answer = self._client().put_events(
            Entries=[
                {
                    "Source": entry["Source"],
                    "DetailType": entry["DetailType"],
                    "Detail": entry["Detail"],
                    "EventBusName": entry["EventBusName"],
                }
            ]
        )
        if answer["FailedEntryCount"]:
            raise PipelineError(f"The bus refused {event.type} {event.id}: {answer['Entries']}")
