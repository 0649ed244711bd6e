"""Which price list holds: the one in a file, that of a stack, or the bundled one."""

from pathlib import Path

from video_pipeline.adapters.price_list import PriceListError, load_prices
from video_pipeline.domain.prices import PriceList
from video_pipeline_cli import target
from video_pipeline_cli.answer import WRONG_USAGE, CommandError


def chosen_prices(file: Path | None, stack: str | None) -> PriceList:
    if file is None:
        return target.open_target(stack, None).prices if stack else load_prices()
    try:
        return load_prices(file.read_text("utf-8"))
    except (PriceListError, UnicodeDecodeError) as error:
        raise CommandError(f"{file}: {error}", WRONG_USAGE) from error
