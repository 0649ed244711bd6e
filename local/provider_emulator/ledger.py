import hashlib
import json
from typing import Any

from provider_emulator.books import Books
from provider_emulator.errors import ApiError


class Ledger:
    """Remembers which create calls were answered under which Idempotency-Key (contract 8.2)."""

    def __init__(self, books: Books) -> None:
        self._database = books.database

    def replay(
        self, account: str, key: str, body: dict[str, Any], oldest: float
    ) -> dict[str, Any] | None:
        """Return the first answer, or refuse when the same key comes with another request."""
        row = self._database.execute(
            "select * from idempotency where account = ? and key = ? and created >= ?",
            (account, key, oldest),
        ).fetchone()
        if row is None:
            return None
        if row["fingerprint"] != _fingerprint(body):
            message = "This Idempotency-Key was used with a different request."
            raise ApiError(409, message, code="idempotency_conflict")
        answer: dict[str, Any] = json.loads(row["answer"])
        return answer

    def write(
        self, account: str, key: str, body: dict[str, Any], answer: dict[str, Any], now: float
    ) -> None:
        self._database.execute(
            "insert or replace into idempotency values (?, ?, ?, ?, ?, ?)",
            (account, key, _fingerprint(body), answer["id"], json.dumps(answer), now),
        )


def _fingerprint(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
