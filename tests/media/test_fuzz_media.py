"""Whatever lies behind a reference, looking at it ends soon and in plain words, and reads nothing
that is not on the public internet; FUZZ_INPUTS sets how many are tried each.
"""

import ipaddress
import os
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.media.shelf import Memory
from video_pipeline.adapters.guarded_fetch import GuardedFetcher
from video_pipeline.adapters.link_source import LinkSource
from video_pipeline.adapters.media_reader import read_facts
from video_pipeline.adapters.ranged_file import RangedFile
from video_pipeline.adapters.reference_sources import UnfitError
from video_pipeline.domain.errors import FetchError

INPUTS = int(os.environ.get("FUZZ_INPUTS", "60"))
MOST_SECONDS = 5.0  # of the processor, for one file

PILLOW_MUSES = "ignore::UserWarning:PIL"  # about what is odd in EXIF data, and goes on
SIGNATURES = [
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR",
    b"RIFF\xff\0\0\0WEBPVP8X",
    b"RIFF\xff\0\0\0WAVEfmt \x10\0\0\0",
    b"ID3\x03\0\0\0\0\0\0\xff\xfb",
    b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x80moov",
    b"\xff\xfb\x90\x00",
]
FILES = ["two.mp4", "fragmented.mp4", "two.mov", "turned.jpg", "a.webp", "two.wav", "variable.mp3"]
DAMAGES = st.lists(
    st.tuples(st.integers(0, 20_000), st.binary(max_size=8), st.integers(0, 40)),
    min_size=1,
    max_size=4,
)
HOSTS = st.sampled_from(
    ["example.com", "localhost", "127.0.0.1", "[::1]", "10.0.0.7", "2130706433", "0x7f.1", "a.b"]
) | st.from_regex(r"[a-z0-9.:\[\]%_-]{1,20}", fullmatch=True)
ADDRESSES = st.lists(
    st.ip_addresses()
    | st.sampled_from(["127.0.0.1", "169.254.169.254", "10.1.2.3", "::1", "fd00::1", "8.8.8.8"])
    | st.ip_addresses(v=4).map(lambda address: f"::ffff:{address}"),
    min_size=1,
    max_size=3,
).map(lambda found: tuple(map(str, found)))

fuzz = settings(
    max_examples=INPUTS,
    deadline=None,
    database=None,
    derandomize="FUZZ_INPUTS" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def outcome(content: bytes) -> str | None:
    """Return the format that was measured, or how to mend what could not be."""
    began = time.process_time()
    try:
        return read_facts(RangedFile(Memory(content))).format
    except UnfitError as error:
        return error.fix
    finally:
        assert time.process_time() - began < MOST_SECONDS


@fuzz
@pytest.mark.filterwarnings(PILLOW_MUSES)
@given(st.sampled_from(SIGNATURES), st.binary(max_size=400))
def test_any_bytes_are_measured_or_refused_in_plain_words(start: bytes, rest: bytes) -> None:
    assert outcome(start + rest)


@fuzz
@pytest.mark.filterwarnings(PILLOW_MUSES)
@given(name=st.sampled_from(FILES), damages=DAMAGES, end=st.none() | st.integers(0, 20_000))
def test_a_damaged_file_is_measured_or_refused_in_plain_words(
    corpus: Path, name: str, damages: list[tuple[int, bytes, int]], end: int | None
) -> None:
    """Bytes are changed, put in and taken out, and the end is cut off."""
    content = (corpus / name).read_bytes()
    for offset, damage, gone in damages:
        at = offset % (len(content) + 1)
        content = content[:at] + damage + content[at + gone :]
    assert outcome(content[:end])


@fuzz
@example("example.com", "/a.png", ("8.8.8.8", "10.0.0.1"))
@given(HOSTS, st.text(max_size=12), ADDRESSES)
def test_nothing_is_dialled_that_is_not_public(
    monkeypatch: pytest.MonkeyPatch, host: str, path: str, addresses: tuple[str, ...]
) -> None:
    """Names lead to any addresses, and every try to connect is written down."""
    dialled: list[str] = []

    def dial(address: tuple[str, int], **_: Any) -> None:
        dialled.append(address[0])
        raise OSError("nobody answers")

    monkeypatch.setattr(socket, "create_connection", dial)
    fetcher = GuardedFetcher(frozenset(), 5.0, resolver=lambda _host, _port: addresses)
    for scheme in ("https", "http"):
        with pytest.raises((UnfitError, FetchError)):
            LinkSource(fetcher, f"{scheme}://{host}/{path}").read(0, 9)
    assert all(map(_is_elsewhere, dialled))


def _is_elsewhere(text: str) -> bool:
    """Judge by the standard library alone, so that the code under test is not its own witness."""
    address: Any = ipaddress.ip_address(text)
    address = getattr(address, "ipv4_mapped", None) or address
    if address in ipaddress.ip_network(
        "64:ff9b::/96"
    ):  # how IPv6-only networks write IPv4 [RFC 6052]
        address = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    inward = address.is_private or address.is_loopback or address.is_link_local
    return not (inward or address.is_multicast or address.is_reserved or address.is_unspecified)
