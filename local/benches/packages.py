"""How large a function is, as it is sent to AWS."""

import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path


def zipped_mb(folders: Iterable[Path]) -> float:
    """Return the sum of the zips of a function and its layers, in 10^6 bytes."""
    return round(sum(zipped(folder) for folder in folders) / 1_000_000, 2)


def zipped(folder: Path) -> int:
    room = BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as package:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                package.write(path, path.relative_to(folder))
    return len(room.getvalue())
