import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from provider_emulator.billing import credits_of
from provider_emulator.books import Books
from provider_emulator.errors import ApiError
from provider_emulator.tasks import Task

KeyState = Literal["active", "disabled", "expired", "model_not_allowed", "user_disabled"]

# The codes are known, their HTTP numbers are not (contract 5.2); these are our guess.
STATE_REFUSALS: dict[str, tuple[int, str, str]] = {
    "disabled": (401, "key_disabled", "This API key is disabled."),
    "expired": (401, "key_expired", "This API key has expired."),
    "user_disabled": (403, "user_disabled", "This account is disabled."),
    "model_not_allowed": (403, "key_model_not_allowed", "This API key may not use this model."),
}


@dataclass(frozen=True, slots=True)
class Key:
    """An API key: whose it is, and what it may spend."""

    name: str
    account: str = "default"
    limit_uc: int | None = None
    daily_uc: int | None = None
    state: KeyState = "active"


class Accounts:
    """Money: what each account owns, holds back and has spent, and what each key has."""

    def __init__(self, books: Books, keys: Mapping[str, Key], balance_uc: int) -> None:
        self._database = books.database
        self.keys = dict(keys)
        for key in self.keys.values():
            self._database.execute(
                "insert or ignore into accounts (name, balance_uc) values (?, ?)",
                (key.account, balance_uc),
            )
            self._database.execute("insert or ignore into keys (key) values (?)", (key.name,))

    def key_of(self, task: Task) -> Key:
        """Return a task's key, also when it is no longer accepted."""
        return self.keys.get(task.api_key) or Key(task.api_key, task.account)

    def set_balance(self, balance_uc: int) -> None:
        """Give every account so much to spend, beside what is reserved already."""
        self._database.execute("update accounts set balance_uc = ? + reserved_uc", (balance_uc,))

    def balances(self) -> dict[str, int]:
        """Return what each account has left beside what is reserved."""
        rows = self._database.execute("select name, balance_uc - reserved_uc from accounts")
        return {row[0]: row[1] for row in rows}

    def figures(self, key: Key) -> tuple[Mapping[str, int], Mapping[str, Any]]:
        account = self._database.execute(
            "select * from accounts where name = ?", (key.account,)
        ).fetchone()
        row = self._database.execute("select * from keys where key = ?", (key.name,)).fetchone()
        return dict(account), dict(row)

    def reserve(self, key: Key, amount_uc: int, now: float) -> None:
        """Hold back the estimate, or refuse with one of the three forms of 402 (contract 5.2)."""
        account, spent = self.figures(key)
        self._refuse_if_poor(key, amount_uc, account, spent, now)
        self._change(key.account, key.name, reserved=amount_uc)
        self._count_day(key.name, amount_uc, now)

    def settle(self, key: Key, reserved_uc: int, charged_uc: int, now: float) -> None:
        self._change(key.account, key.name, reserved=-reserved_uc, used=charged_uc)
        self._count_day(key.name, charged_uc - reserved_uc, now)

    def release(self, key: Key, reserved_uc: int, now: float) -> None:
        self.settle(key, reserved_uc, 0, now)

    def _change(self, account: str, key: str, *, reserved: int, used: int = 0) -> None:
        self._database.execute(
            "update accounts set reserved_uc = reserved_uc + ?1, used_uc = used_uc + ?2,"
            " balance_uc = balance_uc - ?2 where name = ?3",
            (reserved, used, account),
        )
        self._database.execute(
            "update keys set reserved_uc = reserved_uc + ?, used_uc = used_uc + ? where key = ?",
            (reserved, used, key),
        )

    def _count_day(self, key: str, amount_uc: int, now: float) -> None:
        self._database.execute(
            "update keys set day_uc = case when day = ?1 then max(day_uc + ?2, 0)"
            " else max(?2, 0) end, day = ?1 where key = ?3",
            (_day(now), amount_uc, key),
        )

    def _refuse_if_poor(
        self,
        key: Key,
        amount_uc: int,
        account: Mapping[str, int],
        spent: Mapping[str, Any],
        now: float,
    ) -> None:
        free_uc = account["balance_uc"] - account["reserved_uc"]
        if amount_uc > free_uc:
            raise _quota(
                "insufficient_quota",
                "account",
                f"The account has {credits_of(free_uc)} credits left",
                amount_uc,
                account_balance_credits=credits_of(free_uc),
            )
        used_uc = spent["used_uc"] + spent["reserved_uc"]
        if key.limit_uc is not None and used_uc + amount_uc > key.limit_uc:
            raise _quota(
                "insufficient_token_quota",
                "token",
                f"This key has {credits_of(key.limit_uc - used_uc)} credits left",
                amount_uc,
                total_limit_credits=credits_of(key.limit_uc),
                used_credits=credits_of(used_uc),
                remaining_credits=credits_of(key.limit_uc - used_uc),
            )
        day_uc = spent["day_uc"] if spent["day"] == _day(now) else 0
        if key.daily_uc is not None and day_uc + amount_uc > key.daily_uc:
            raise _quota(
                "token_daily_quota_exceeded",
                "token_daily",
                f"This key has {credits_of(key.daily_uc - day_uc)} credits left today",
                amount_uc,
                daily_limit_credits=credits_of(key.daily_uc),
                daily_used_credits=credits_of(day_uc),
                reset_timezone="UTC",
            )


def _quota(code: str, scope: str, left: str, amount_uc: int, **figures: object) -> ApiError:
    needed = credits_of(amount_uc)
    return ApiError(
        402,
        f"{left}; this request needs {needed}.",
        code=code,
        figures={"limit_scope": scope, "estimated_credits": needed, **figures},
    )


def _day(now: float) -> str:
    return dt.datetime.fromtimestamp(now, dt.UTC).date().isoformat()
