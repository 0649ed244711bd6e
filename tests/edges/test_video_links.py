"""A finished video at real servers that break off, change, lie or know no ranges."""

import hashlib
import socket
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from tests.edges.conftest import Serve
from tests.edges.servers import Behaviour, Loopback, Visit, answering, flooding, hear
from tests.media_files import film
from video_pipeline.adapters import video_links
from video_pipeline.adapters.checked_body import PIECE, CheckedBody
from video_pipeline.adapters.guarded_fetch import GuardedFetcher
from video_pipeline.adapters.linked_file import MOST_RESUMES
from video_pipeline.adapters.video_links import GuardedVideoLinks
from video_pipeline.domain.errors import FetchFailedError, SourceLostError
from video_pipeline.domain.media import UnreadableVideoError

PADDING = b"\x00\x1e\x84\x80free".ljust(2_000_000, b"p")
VIDEO = film(1, 128, 128) + PADDING


@dataclass
class Host:
    """A media host; whole bodies break off after the next of `breaks`, counted from their start."""

    content: bytes = VIDEO
    etag: str = '"one"'
    modified: str = ""
    takes_ranges: bool = True
    tells_length: bool = True
    statuses: dict[int, int] = field(default_factory=dict)  # by number of the visit
    breaks: list[int] = field(default_factory=list)
    visits: int = 0
    on_break: Callable[["Host"], None] = lambda _host: None

    def __call__(self, connection: socket.socket, visit: Visit) -> None:
        hear(connection, visit)
        self.visits += 1
        if self.visits in self.statuses:
            connection.sendall(b"HTTP/1.1 %d No\r\n\r\n" % self.statuses[self.visits])
            return
        status, start, end = self._wanted(visit.headers)
        connection.sendall(self._head(status, start, end))
        if end < len(self.content) or not self.breaks:
            connection.sendall(self.content[start:end])
            return
        connection.sendall(self.content[start : start + self.breaks.pop(0)])
        self.on_break(self)

    def answer_next(self, status: int) -> None:
        self.statuses[self.visits + 1] = status

    def _wanted(self, headers: dict[str, str]) -> tuple[int, int, int]:
        stale = headers.get("if-range", self.version) != self.version
        if not self.takes_ranges or "range" not in headers or stale:
            return 200, 0, len(self.content)
        first, _, last = headers["range"].removeprefix("bytes=").partition("-")
        return 206, int(first), min(int(last) + 1 if last else 1 << 40, len(self.content))

    @property
    def version(self) -> str:
        return self.etag or self.modified

    def _head(self, status: int, start: int, end: int) -> bytes:
        lines = [f"HTTP/1.1 {status} OK", "Content-Type: video/mp4; charset=binary"]
        lines += [f"ETag: {self.etag}"] if self.etag else []
        lines += [f"Last-Modified: {self.modified}"] if self.modified else []
        if status == 206:
            lines.append(f"Content-Range: bytes {start}-{end - 1}/{len(self.content)}")
        if self.tells_length or status == 206:
            lines.append(f"Content-Length: {end - start}")
        return "\r\n".join([*lines, "", ""]).encode()


@pytest.fixture
def pauses() -> list[float]:
    return []


Links = Callable[[Behaviour], tuple[GuardedVideoLinks, Loopback]]


@pytest.fixture
def links(serve: Serve, pauses: list[float]) -> Links:
    def to(behaviour: Behaviour) -> tuple[GuardedVideoLinks, Loopback]:
        server = serve(behaviour)
        fetcher = GuardedFetcher(frozenset({server.origin()}), 5, quiet_seconds=2)
        return GuardedVideoLinks(fetcher, pauses.append), server

    return to


def pieces(body: CheckedBody) -> Iterator[bytes]:
    room = memoryview(bytearray(PIECE))
    while count := body.readinto(room):
        yield bytes(room[:count])


def copied(links: tuple[GuardedVideoLinks, Loopback]) -> bytes:
    """Look, then read all of it as the archive does; returns what came."""
    opener, server = links
    with opener.open(server.origin() + "/v.mp4") as video, video.stream() as stream:
        body = CheckedBody(stream, video.size)
        content = b"".join(pieces(body))
        assert body.sums.sha256 == hashlib.sha256(content).hexdigest()
        return content


def asked(server: Loopback) -> list[str]:
    return [visit.headers.get("range", "all") for visit in server.visits]


def test_a_video_is_looked_at_by_few_ranges_and_then_read_once(links: Links) -> None:
    opener, server = links(Host())
    with opener.open(server.origin()) as video:
        assert (video.facts.width, video.size, video.content_type) == (128, len(VIDEO), "video/mp4")
        assert video.poster.startswith(b"\xff\xd8")
        looks = asked(server)
        assert len(looks) <= 4
        assert "all" not in looks
    assert copied((opener, server)) == VIDEO
    assert asked(server)[-1] == "all"


def test_a_body_that_breaks_off_is_taken_up_where_it_stopped(
    links: Links, pauses: list[float]
) -> None:
    opened = links(Host(breaks=[700_000, 300_001]))
    assert copied(opened) == VIDEO
    _, server = opened
    resumed = [visit for visit in server.visits if visit.headers.get("if-range")]
    assert [visit.headers["if-range"] for visit in resumed] == ['"one"', '"one"']
    first, second = (int(visit.headers["range"][6:-1]) for visit in resumed)
    assert 0 < first <= 700_000 < second <= 1_000_001
    assert pauses == [0.5, 1.0]


def test_a_date_serves_where_there_is_no_strong_tag(links: Links) -> None:
    date = "Tue, 24 Nov 2026 12:00:00 GMT"
    opened = links(Host(etag="", modified=date, breaks=[700_000]))
    assert copied(opened) == VIDEO
    assert opened[1].visits[-1].headers["if-range"] == date


@pytest.mark.parametrize("etag", ["", 'W/"one"'])
def test_without_a_word_on_its_version_a_body_is_not_taken_up(links: Links, etag: str) -> None:
    with pytest.raises(SourceLostError, match="cannot be taken up"):
        copied(links(Host(etag=etag, breaks=[700_000])))


def test_a_source_that_changes_while_it_is_copied_is_lost(links: Links) -> None:
    def change(host: Host) -> None:
        host.etag, host.content = '"two"', VIDEO[::-1]

    with pytest.raises(SourceLostError, match="changed while it was copied"):
        copied(links(Host(breaks=[700_000], on_break=change)))


def test_a_source_that_shrinks_while_it_is_copied_is_lost(links: Links) -> None:
    with pytest.raises(SourceLostError, match="changed while it was copied"):
        copied(links(Host(breaks=[700_000], on_break=lambda host: host.answer_next(416))))


def test_a_source_that_changes_after_the_look_is_lost(links: Links) -> None:
    host = Host()
    opener, server = links(host)
    with opener.open(server.origin()) as video:
        host.etag = '"two"'
        with pytest.raises(SourceLostError, match="between look and copy"), video.stream():
            pass


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_link_that_dies_while_it_is_copied_is_told_as_dead(links: Links, status: int) -> None:
    host = Host(breaks=[700_000], on_break=lambda broken: broken.answer_next(status))
    with pytest.raises(FetchFailedError, match=f"HTTP {status}") as caught:
        copied(links(host))
    assert caught.value.status == status
    assert not isinstance(caught.value, SourceLostError)


def test_a_host_in_trouble_is_asked_again(links: Links, pauses: list[float]) -> None:
    host = Host(breaks=[700_000], on_break=lambda broken: broken.answer_next(503))
    assert copied(links(host)) == VIDEO
    assert len(pauses) == 2


def test_a_host_that_breaks_off_again_and_again_is_given_up(
    links: Links, pauses: list[float]
) -> None:
    with pytest.raises(SourceLostError):
        copied(links(Host(breaks=[1_000] * 99)))
    assert len(pauses) == MOST_RESUMES


@pytest.mark.parametrize("tells_length", [True, False])
def test_a_source_without_ranges_is_laid_down_first(links: Links, tells_length: bool) -> None:
    opened = links(Host(takes_ranges=False, tells_length=tells_length))
    assert copied(opened) == VIDEO
    assert len(asked(opened[1])) == 2


def test_a_source_without_ranges_that_breaks_off_is_lost(links: Links) -> None:
    with pytest.raises(SourceLostError):
        copied(links(Host(takes_ranges=False, breaks=[1_900_000, 900_000])))


def test_a_body_without_length_that_ends_early_is_no_video(links: Links) -> None:
    cut = VIDEO[: len(VIDEO) - len(PADDING) - 2_000]
    with pytest.raises(UnreadableVideoError):
        copied(links(Host(cut, takes_ranges=False, tells_length=False)))


def test_a_body_without_end_is_left_at_the_bound(
    links: Links, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video_links, "MOST_SPOOLED", 3_000_000)
    endless = flooding(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n" + VIDEO, b"x" * 65_536)
    with pytest.raises(FetchFailedError, match="more than 3,000,000 bytes"):
        copied(links(endless))


PAGE = b"<!doctype html><title>Attention required</title>".ljust(70_000)


def test_a_page_instead_of_a_video_is_refused_by_its_content(links: Links) -> None:
    opened = links(answering(200, PAGE, Content_Type="video/mp4"))
    with pytest.raises(UnreadableVideoError, match="holds a web page"):
        copied(opened)
    assert len(opened[1].visits) == 1


def test_memory_stays_flat_while_a_large_video_is_copied(links: Links) -> None:
    size = 60_000_000
    large = film(1, 64, 64)
    large += (size - len(large)).to_bytes(4, "big") + b"free"
    opener, server = links(Host(large.ljust(size, b"p")))
    with opener.open(server.origin()) as video, video.stream() as stream:
        body = CheckedBody(stream, video.size)
        tracemalloc.start()
        taken = sum(len(piece) for piece in pieces(body))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert taken == size
    assert peak < 4_000_000
