"""How the SDK sends a body of known length that cannot be rewound: framed, summed at its end.

The sum goes into a trailer over plain http too, where the SDK would otherwise read the whole body
for its sum before it sends a byte: a local engine gets the very request that S3 gets.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class LargePieces:
    """A framed body, each read of which is one frame.

    The SDK's transport asks for 16 KB at a time, for which each frame would be cut and copied anew.
    """

    def __init__(self, frames: Iterator[bytes]) -> None:
        self._frames = frames

    def read(self, size: int = -1) -> bytes:
        return next(self._frames, b"") if size >= 0 else b"".join(self._frames)


def send_in_large_pieces(client: "S3Client") -> "S3Client":
    """Make a client of its own send every PutObject so, and return it."""
    events = client.meta.events
    events.register("before-call.s3.PutObject", _sum_in_trailer, unique_id="sum-in-trailer")
    events.register("before-send.s3.PutObject", _by_frames, unique_id="by-frames")
    return client


def _sum_in_trailer(params: dict[str, Any], **_: object) -> None:
    params["context"]["checksum"]["request_algorithm"]["in"] = "trailer"


def _by_frames(request: Any, **_: object) -> None:  # noqa: ANN401 - the SDK's own request
    request.body = LargePieces(iter(request.body))
