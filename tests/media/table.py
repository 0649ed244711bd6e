"""Prints what was fetched of each media file of the corpus: `make media-table`."""

from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from tests.media.corpus import CORPUS, Case
from tests.media.shelf import Shelf
from tests.media.test_corpus import check

NUMBERS = ("bytes", "fetched", "share", "requests")


def main() -> None:
    table = Table("file", "verdict", box=None)
    for heading in NUMBERS:
        table.add_column(heading, justify="right")
    whole = fetched = 0
    with TemporaryDirectory() as folder:
        for case in CORPUS:
            size, shelf, codes = measured(Path(folder), case)
            whole, fetched = whole + size, fetched + shelf.fetched
            share = f"{shelf.fetched / size:.1%}" if size else "-"
            numbers = (f"{size:,}", f"{shelf.fetched:,}", share, str(len(shelf.asked)))
            table.add_row(case.name, ", ".join(codes) or "fit", *numbers)
    Console(width=110).print(table)
    print(f"{len(CORPUS)} files: {fetched:,} of {whole:,} bytes fetched, {fetched / whole:.1%}")  # noqa: T201 - it prints


def measured(folder: Path, case: Case) -> tuple[int, Shelf, tuple[str, ...]]:
    case.make(folder / case.name)
    shelf = Shelf(folder)
    checked = check(shelf, **{case.field: (case.name,)})
    size = (folder / case.name).stat().st_size
    (folder / case.name).unlink()
    return size, shelf, tuple(problem.code for problem in checked.problems)


if __name__ == "__main__":
    main()
