"""A body as S3 gets it: every byte in a frame, the sum behind, and as long as was told."""

import zlib
from base64 import b64encode
from io import BytesIO
from typing import Any

import pytest

from video_pipeline.adapters.checked_body import PIECE, CheckedBody
from video_pipeline.adapters.framed_body import FramedBody
from video_pipeline.ports import Stream


class Dripping(BytesIO):
    """A stream that gives little at a time."""

    def readinto(self, room: Any, /) -> int:
        return super().readinto(room[:100_001])


SIZES = [1, 15, 16, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 4_097]


def content_of(size: int) -> bytes:
    return (bytes(range(251)) * (size // 251 + 1))[:size]


def framed(stream: Stream, size: int) -> FramedBody:
    return FramedBody(CheckedBody(stream, size))


def sent(body: FramedBody) -> bytes:
    return bytes(body.read())


def taken_apart(body: bytes) -> tuple[list[bytes], bytes]:
    """Read frames as RFC 9112 has it; returns their contents and what stands after the last."""
    pieces: list[bytes] = []
    at = 0
    while True:
        head_ends = body.index(b"\r\n", at)
        length, at = int(body[at:head_ends], 16), head_ends + 2
        if not length:
            return pieces, body[at:]
        pieces.append(body[at : at + length])
        at += length + 2
        assert body[at - 2 : at] == b"\r\n"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("stream_type", [BytesIO, Dripping])
def test_all_bytes_come_in_frames_and_their_sum_behind(
    size: int, stream_type: type[BytesIO]
) -> None:
    content = content_of(size)
    pieces, trailer = taken_apart(sent(framed(stream_type(content), size)))
    assert b"".join(pieces) == content
    assert {len(piece) for piece in pieces[:-1]} <= {PIECE}
    crc32 = b64encode(zlib.crc32(content).to_bytes(4, "big"))
    assert trailer == b"x-amz-checksum-crc32:" + crc32 + b"\r\n\r\n"


@pytest.mark.parametrize("size", SIZES)
def test_the_length_told_is_the_length_sent(size: int) -> None:
    body = framed(BytesIO(content_of(size)), size)
    told = body.length
    assert told == len(sent(body))


def test_frame_by_frame_is_what_all_at_once_is() -> None:
    content = content_of(2 * PIECE + 9)
    body, frames = framed(BytesIO(content), len(content)), b""
    while frame := body.read(16_384):
        frames += frame
    assert frames == sent(framed(BytesIO(content), len(content)))
