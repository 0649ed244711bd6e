"""The body of one PutObject: read once, counted and hashed on its way, never complete unless right.

S3 completes an object only when its announced length and the sum in the trailer have come,
so a body that raises before its end leaves nothing behind.
"""

import base64
import hashlib

from zlib_ng.zlib_ng import crc32  # Python's own takes ten times as long

from video_pipeline.domain.errors import SourceLostError
from video_pipeline.ports import Stream

PIECE = 262_144  # stays in a processor's cache from decryption to encryption


class Sums:
    """What is told of bytes that go by: SHA-256, and the CRC32 that S3 keeps."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self._crc32 = 0

    def add(self, piece: memoryview | bytes) -> None:
        self._sha256.update(piece)
        self._crc32 = crc32(piece, self._crc32)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    @property
    def crc32(self) -> str:
        """Write the sum as S3 does."""
        return base64.b64encode(self._crc32.to_bytes(4, "big")).decode()


class CheckedBody:
    """A stream of known length, read to its end and never rewound.

    `trouble` keeps what reading raised, because the SDK wraps it in an error of its own.
    """

    def __init__(self, stream: Stream, size: int) -> None:
        self.size = size
        self.sums = Sums()
        self.trouble: Exception | None = None
        self._stream = stream
        self._taken = 0

    def readinto(self, room: memoryview) -> int:
        """Fill a room with what comes next; only the end leaves some of it empty."""
        try:
            return self._fill(room)
        except Exception as error:
            self.trouble = error
            raise

    def _fill(self, room: memoryview) -> int:
        filled = 0
        while filled < len(room) and (count := self._stream.readinto(room[filled:])):
            filled += count
        self._taken += filled
        is_over = filled < len(room)
        if self._taken > self.size or (is_over and self._taken != self.size):
            raise SourceLostError(f"The body has {self._taken} B where {self.size} were told.")
        self.sums.add(room[:filled])
        return filled
