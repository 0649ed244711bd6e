"""The body of one PutObject: read once, counted and hashed on its way, never complete unless right.

S3 completes an object only when its announced length and the sum in the trailer have come,
so a body that raises before its end leaves nothing behind.
"""

import hashlib

from video_pipeline.domain.errors import SourceLostError
from video_pipeline.ports import Stream

PIECE = 262_144  # stays in a processor's cache from decryption to encryption


class CheckedBody:
    """What the SDK reads; deliberately not seekable, so that nothing rewinds it.

    `trouble` keeps what reading raised, because the SDK wraps it in an error of its own.
    """

    def __init__(self, stream: Stream, size: int) -> None:
        self.size = size
        self.trouble: Exception | None = None
        self._stream = stream
        self._sha256 = hashlib.sha256()
        self._taken = 0
        self._room = memoryview(bytearray(PIECE))

    def read(self, _amount: int = -1, /) -> bytes:
        """Return the next piece.

        As bytes: the SDK frames it by formatting, which takes several times as long for a view.
        """
        try:
            return self._next()
        except Exception as error:
            self.trouble = error
            raise

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    def _next(self) -> bytes:
        piece = self._room[: self._stream.readinto(self._room)]
        self._taken += len(piece)
        if self._taken > self.size or (not piece and self._taken != self.size):
            raise SourceLostError(f"The body has {self._taken} B where {self.size} were told.")
        self._sha256.update(piece)
        return bytes(piece)
