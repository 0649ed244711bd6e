"""A look at a movie's table of samples before FFmpeg makes room for all that it announces."""

import mmap
import struct
from pathlib import Path

_TABLE = b"stsz\0\0\0\0"  # the name, then version and flags, which are all zero
_SIZE_AND_COUNT = struct.Struct(">II")


def announces_the_impossible(path: Path) -> bool:
    """Say whether a table counts more samples than the file has bytes.

    FFmpeg would reserve memory for each of them: a few kilobytes could ask for gigabytes.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        at = content.find(_TABLE)
        while at != -1:
            at += len(_TABLE)
            _, count = _SIZE_AND_COUNT.unpack(content[at : at + 8].ljust(8, b"\0"))
            if count > len(content):
                return True
            at = content.find(_TABLE, at)
    return False
