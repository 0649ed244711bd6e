from collections.abc import Sequence
from pathlib import Path

from rich.markup import escape

from video_pipeline.domain.credits import to_credits
from video_pipeline.domain.manifest import JobDraft
from video_pipeline.domain.prices import PriceList
from video_pipeline_cli import show
from video_pipeline_cli.answer import DONE, Answer, Document
from video_pipeline_cli.check import check
from video_pipeline_cli.manifests import LocalManifest, read_local
from video_pipeline_cli.validate import answer_of


def estimate(files: Sequence[Path], prices: PriceList) -> Answer:
    """Price every job at the most that it can cost; a file with errors has no price."""
    verdicts = [check(read_local(path), prices, offline=True) for path in files]
    if any(verdict.manifest.reading.manifest is None for verdict in verdicts):
        return answer_of(verdicts)
    manifests = [verdict.manifest for verdict in verdicts]
    units = sum(prices.estimate(draft.request) for each in manifests for draft in each.jobs)
    document = {
        "prices": prices.dated,
        "credits_per_usd": show.CREDITS_PER_USD,
        "credits": to_credits(units),
        "usd": show.usd(units),
        "files": [_file(each, prices) for each in manifests],
    }
    table = show.table("job", "length", "quality", "credits", "USD", right=("credits", "USD"))
    for each in manifests:
        for draft in each.jobs:
            table.add_row(*_row(draft, prices))
    jobs = show.count(sum(len(each.jobs) for each in manifests), "job")
    end = (
        f"\n{jobs}: at most [bold]{to_credits(units):g} credits[/], {show.usd(units):.2f} USD"
        f"\n[dim]prices of {prices.dated}, {show.CREDITS_PER_USD} credits = 1 USD[/]"
    )
    return Answer(document, DONE, (table, end))


def _file(manifest: LocalManifest, prices: PriceList) -> Document:
    jobs = [_job(draft, prices) for draft in manifest.jobs]
    total = sum(prices.estimate(draft.request) for draft in manifest.jobs)
    whole = manifest.reading.manifest
    return {
        "file": str(manifest.path),
        "credits": to_credits(total),
        "usd": show.usd(total),
        "max_credits": whole.max_credits if whole else None,
        "jobs": jobs,
    }


def _job(draft: JobDraft, prices: PriceList) -> Document:
    units = prices.estimate(draft.request)
    return {"name": draft.shown_name, "credits": to_credits(units), "usd": show.usd(units)}


def _row(draft: JobDraft, prices: PriceList) -> tuple[str, ...]:
    units = prices.estimate(draft.request)
    request = draft.request
    quality = f"{request.quality}{', from video' if request.video_urls else ''}"
    money = f"{show.usd(units):.2f}"
    length = f"{request.duration} s"
    return escape(draft.shown_name), length, quality, show.credit_text(units), money
