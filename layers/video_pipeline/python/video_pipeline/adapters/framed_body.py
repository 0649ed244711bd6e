"""How a body of known length that cannot be rewound is sent: framed, its sum at the end.

The SDK frames such a body too, twice over (for S3, then for HTTP), and copies it each time.
Here a piece is framed where it lies, and its length being known, once is enough.

The sum goes into a trailer over plain http too, where the SDK would otherwise read the whole body
for its sum before it sends a byte: a local engine gets the very request that S3 gets.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from video_pipeline.adapters.checked_body import PIECE, CheckedBody

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_MARGIN = 16  # for what stands before and after a piece
_END = b"\r\n"
_TRAILER = b"0\r\nx-amz-checksum-crc32:%b\r\n\r\n"
_LENGTH_OF_A_SUM = 8


class FramedBody:
    """A checked body in S3's frames (`aws-chunked`); each read is one frame, valid until the next.

    Deliberately not seekable, so that nothing rewinds it.
    """

    def __init__(self, body: CheckedBody) -> None:
        self._body = body
        self._frames = self._framed()

    def read(self, size: int = -1) -> memoryview | bytes:
        if size < 0:
            return b"".join(map(bytes, self._frames))
        return next(self._frames, b"")

    @property
    def length(self) -> int:
        """Return how long all frames are together."""
        pieces, rest = divmod(self._body.size, PIECE)
        return (
            pieces * _framed_length(PIECE)
            + (_framed_length(rest) if rest else 0)
            + len(_TRAILER % b"")
            + _LENGTH_OF_A_SUM
        )

    def _framed(self) -> Iterator[memoryview | bytes]:
        room = memoryview(bytearray(_MARGIN + PIECE + _MARGIN))
        while count := self._body.readinto(room[_MARGIN : _MARGIN + PIECE]):
            head, end = _head(count), _MARGIN + count
            room[_MARGIN - len(head) : _MARGIN] = head
            room[end : end + len(_END)] = _END
            yield room[_MARGIN - len(head) : end + len(_END)]
        yield _TRAILER % self._body.sums.crc32.encode()


def send_framed(client: "S3Client") -> "S3Client":
    """Make a client of its own send the body of every PutObject as it is framed, and return it."""
    events = client.meta.events
    events.register("before-call.s3.PutObject", _sum_in_trailer, unique_id="sum-in-trailer")
    events.register("before-send.s3.PutObject", _as_framed, unique_id="as-framed")
    return client


def _sum_in_trailer(params: dict[str, Any], **_: object) -> None:
    params["context"]["checksum"]["request_algorithm"]["in"] = "trailer"
    params["context"]["framed_body"] = params["body"]


def _as_framed(request: Any, **_: object) -> None:  # noqa: ANN401 - the SDK's own request
    """Put our frames in place of the SDK's; neither header is among those that are signed."""
    request.body = request.context["framed_body"]
    del request.headers["Transfer-Encoding"]
    request.headers["Content-Length"] = str(request.body.length)


def _head(count: int) -> bytes:
    return b"%x\r\n" % count


def _framed_length(count: int) -> int:
    return len(_head(count)) + count + len(_END)
