"""What was spent and what is still reserved, by day, by manifest or by a word of metadata."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rich.console import RenderableType
from rich.markup import escape

from video_pipeline.adapters.ledger import items
from video_pipeline.domain.credits import to_credits
from video_pipeline.domain.job import Job
from video_pipeline_cli import show
from video_pipeline_cli.answer import DONE, WRONG_USAGE, Answer, CommandError, Document
from video_pipeline_cli.listing import Filter, find_jobs
from video_pipeline_cli.target import Target

NONE = "(none)"
MOST_DAYS = 400


@dataclass(frozen=True)
class Spent:
    """Money in units; `jobs` is not known of a day's row."""

    charged: int = 0
    reserved: int = 0
    jobs: int | None = None

    def plus(self, job: Job) -> "Spent":
        return Spent(
            self.charged + (job.charge or 0), self.reserved + job.reserved, (self.jobs or 0) + 1
        )


def cost(target: Target, by: str, since: datetime) -> Answer:
    """Add up money by `day`, by `manifest` or by `metadata.NAME`."""
    if by == "day":
        return _answer(by, _by_day(target, since), target)
    if by == "manifest":
        return _answer(by, _by(target, since, lambda job: job.manifest_key), target)
    name = by.removeprefix("metadata.")
    if name == by or not name:
        raise CommandError(f"{by} is none of day, manifest and metadata.NAME.", WRONG_USAGE)
    return _answer(by, _by(target, since, lambda job: job.metadata.get(name, NONE)), target)


def _by_day(target: Target, since: datetime) -> dict[str, Spent]:
    """Read the rows that the cap itself is held by; a day without one spent nothing."""
    today = target.clock.now().date()
    days = min((today - since.date()).days, MOST_DAYS)
    rows = ((day, _row(target, day)) for day in _days(today, days))
    return {day.isoformat(): spent for day, spent in rows if spent is not None}


def _days(today: date, days: int) -> list[date]:
    return [today - timedelta(days=back) for back in range(days, -1, -1)]


def _row(target: Target, day: date) -> Spent | None:
    key = items.credits_key(day.isoformat())
    item = target.dynamodb.get_item(TableName=target.table, Key=key, ConsistentRead=True)
    stored = item.get("Item")
    if not stored:
        return None
    return Spent(items.plain(stored["charged"]), items.plain(stored["reserved"]))


def _by(target: Target, since: datetime, word_of: Callable[[Job], str]) -> dict[str, Spent]:
    sums: defaultdict[str, Spent] = defaultdict(Spent)
    for job in find_jobs(target, Filter(not_before=since)):
        sums[word_of(job)] = sums[word_of(job)].plus(job)
    return dict(sorted(sums.items()))


def _answer(by: str, sums: Mapping[str, Spent], target: Target) -> Answer:
    total = Spent(
        sum(each.charged for each in sums.values()), sum(each.reserved for each in sums.values())
    )
    document = {
        "by": by,
        "rows": [{"name": name, **_document(spent)} for name, spent in sums.items()],
        "total": _document(total),
        "daily_cap": target.daily_credits,
    }
    return Answer(document, DONE, tuple(_screen(by, sums, total)))


def _document(spent: Spent) -> Document:
    known = {} if spent.jobs is None else {"jobs": spent.jobs}
    return {
        **known,
        "credits": to_credits(spent.charged),
        "credits_reserved": to_credits(spent.reserved),
        "usd": show.usd(spent.charged),
    }


def _screen(by: str, sums: Mapping[str, Spent], total: Spent) -> Iterable[RenderableType]:
    if not sums:
        return ["Nothing was spent in that time."]
    counted = any(spent.jobs is not None for spent in sums.values())
    columns = [by, *(["jobs"] if counted else []), "credits", "USD", "reserved"]
    table = show.table(*columns, right=columns[1:])
    for name, spent in sums.items():
        table.add_row(escape(name), *([f"{spent.jobs:,}"] if counted else []), *_money(spent))
    table.add_row("[bold]all[/]", *([""] if counted else []), *_money(total))
    return [table]


def _money(spent: Spent) -> tuple[str, str, str]:
    return (
        f"{to_credits(spent.charged):,g}",
        f"{show.usd(spent.charged):,.2f}",
        f"{to_credits(spent.reserved):,g}",
    )
