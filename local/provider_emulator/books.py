import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from provider_emulator.tasks import ENDED, Task

SCHEMA = """
create table if not exists tasks (
  number integer primary key, id text unique, suffix text unique, account text, model text,
  status text, created real, document text
);
create index if not exists tasks_of_account on tasks (account, status, number);
create index if not exists tasks_by_status on tasks (status, number);
create table if not exists journal (
  number integer primary key, kind text, task_id text, document text
);
create index if not exists journal_of_task on journal (kind, task_id);
create table if not exists notes (name text primary key, document text);
create table if not exists accounts (
  name text primary key, balance_uc integer, reserved_uc integer default 0,
  used_uc integer default 0
);
create table if not exists keys (
  key text primary key, used_uc integer default 0, reserved_uc integer default 0,
  day text default '', day_uc integer default 0
);
create table if not exists idempotency (
  account text, key text, fingerprint text, task_id text, answer text, created real,
  primary key (account, key)
);
"""


class Books:
    """The provider's own records: every task, every attempt to deliver, all money.

    SQLite holds them, in a file when a data folder is given and in memory otherwise.
    """

    def __init__(self, folder: Path | None) -> None:
        place = ":memory:" if folder is None else str(folder / "books.sqlite3")
        self.database = sqlite3.connect(place, isolation_level=None)
        self.database.row_factory = sqlite3.Row
        self.database.execute("pragma journal_mode = wal")
        self.database.execute("pragma synchronous = off")
        self.database.executescript(SCHEMA)

    def close(self) -> None:
        self.database.close()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep several writes in one transaction."""
        self.database.execute("begin immediate")
        try:
            yield
        except BaseException:
            self.database.execute("rollback")
            raise
        self.database.execute("commit")

    def add(self, task: Task) -> None:
        self.database.execute(
            "insert into tasks (id, suffix, account, model, status, created, document)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            (
                task.id,
                task.suffix,
                task.account,
                task.order.model,
                task.status,
                task.created,
                task.model_dump_json(),
            ),
        )

    def put(self, task: Task) -> None:
        self.database.execute(
            "update tasks set status = ?, document = ? where id = ?",
            (task.status, task.model_dump_json(), task.id),
        )

    def task(self, task_id: str) -> Task | None:
        row = self.database.execute(
            "select document from tasks where id = ?", (task_id,)
        ).fetchone()
        return Task.model_validate_json(row["document"]) if row else None

    def task_by_suffix(self, suffix: str) -> Task | None:
        row = self.database.execute(
            "select document from tasks where suffix = ?", (suffix,)
        ).fetchone()
        return Task.model_validate_json(row["document"]) if row else None

    def newest(self, limit: int) -> list[Task]:
        rows = self.database.execute(
            "select document from tasks order by number desc limit ?", (limit,)
        )
        return [Task.model_validate_json(row["document"]) for row in rows]

    def unfinished(self) -> list[Task]:
        """Return the tasks that still have something to do, a callback included."""
        rows = self.database.execute(
            "select document from tasks where status not in (?, ?, ?)"
            " or document like '%\"callback_due\":true%'",
            ENDED,
        )
        return [Task.model_validate_json(row["document"]) for row in rows]

    def page(
        self, account: str, filters: dict[str, tuple[str, ...]], *, page: int, size: int
    ) -> tuple[int, list[Task]]:
        """Return how many tasks of the account fit, and one page of them, newest first."""
        where, values = "account = ?", [account]
        for column, allowed in filters.items():
            where += f" and {column} in ({', '.join('?' * len(allowed))})"
            values += allowed
        total = self.database.execute(
            f"select count(*) from tasks where {where}",  # noqa: S608 - columns are ours
            values,
        ).fetchone()[0]
        rows = self.database.execute(
            f"select document from tasks where {where}"  # noqa: S608 - the same
            " order by number desc limit ? offset ?",
            [*values, size, (page - 1) * size],
        )
        return total, [Task.model_validate_json(row["document"]) for row in rows]

    def count(self, account: str, statuses: tuple[str, ...]) -> int:
        marks = ", ".join("?" * len(statuses))
        row = self.database.execute(
            f"select count(*) from tasks where account = ? and status in ({marks})",  # noqa: S608
            (account, *statuses),
        ).fetchone()
        return int(row[0])

    def counts(self) -> dict[str, int]:
        rows = self.database.execute("select status, count(*) from tasks group by status")
        return {row[0]: row[1] for row in rows}

    def note(self, kind: str, task_id: str, **facts: object) -> None:
        """Write one line of the journal: a delivery attempt, or a download."""
        self.database.execute(
            "insert into journal (kind, task_id, document) values (?, ?, ?)",
            (kind, task_id, json.dumps({"task_id": task_id, **facts})),
        )

    def noted(self, kind: str, task_id: str | None = None) -> list[dict[str, Any]]:
        rows = self.database.execute(
            "select document from journal where kind = ?1 and (?2 is null or task_id = ?2)"
            " order by number",
            (kind, task_id),
        )
        return [json.loads(row["document"]) for row in rows]

    def remember(self, name: str, document: object) -> None:
        self.database.execute(
            "insert or replace into notes values (?, ?)", (name, json.dumps(document))
        )

    def recall(self, name: str) -> Any:  # noqa: ANN401 - whatever was remembered
        row = self.database.execute("select document from notes where name = ?", (name,)).fetchone()
        return json.loads(row["document"]) if row else None
