"""What references were measured to be, so that many jobs look once at the same picture."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from video_pipeline.adapters.ledger import items
from video_pipeline.adapters.ledger.table import Table
from video_pipeline.adapters.ledger.transaction import keep_until
from video_pipeline.domain.media import MediaFacts

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from video_pipeline.ports import Clock


class DynamoKnownMedia:
    """The known media port over the ledger's table."""

    def __init__(self, client: "DynamoDBClient", table: str, clock: "Clock") -> None:
        self._items = Table(client, table)
        self._clock = clock

    def recall(self, digest: str) -> MediaFacts | None:
        item = self._items.get(items.media_key(digest))
        return MediaFacts(**json.loads(items.plain(item["facts"]))) if item else None

    def keep(self, digest: str, facts: MediaFacts, days: int) -> None:
        expires = items.encode(keep_until(self._clock.now(), days))
        row = {"facts": items.encode(json.dumps(asdict(facts))), "expires_at": expires}
        self._items.put_once({**items.media_key(digest), **row})
