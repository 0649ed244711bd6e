"""The guarded fetch against real servers: what it takes, what it refuses, where it stops."""

import socket
import ssl
import time
import tracemalloc
from collections.abc import Callable, Sequence

import pytest

from tests.edges.conftest import Serve
from tests.edges.servers import (
    Certificate,
    Loopback,
    Visit,
    answering,
    closed_port,
    dripping,
    flooding,
    hanging_after_request,
    hear,
    resetting,
    resetting_after_request,
    saying,
    silent,
)
from video_pipeline.adapters.addresses import Resolver, resolve
from video_pipeline.adapters.guarded_fetch import GuardedFetcher
from video_pipeline.domain.errors import FetchError, FetchFailedError, FetchRefusedError

HEAD = b"HTTP/1.1 200 OK\r\n"


def fetcher(
    *servers: Loopback,
    seconds: float = 5,
    resolver: Resolver = resolve,
    roots: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    host: str = "127.0.0.1",
) -> GuardedFetcher:
    allowed = frozenset(server.origin(host) for server in servers)
    return GuardedFetcher(allowed, seconds, resolver=resolver, roots=roots)


def fetch(with_fetcher: GuardedFetcher, url: str, max_bytes: int = 1_000_000) -> bytes:
    with with_fetcher.open(url, max_bytes=max_bytes) as fetched:
        return b"".join(fetched.chunks())


def to_loopback(_host: str, _port: int) -> Sequence[str]:
    return ("127.0.0.1",)


def redirecting(*locations: str) -> Callable[[socket.socket, Visit], None]:
    """Redirect to each place in turn; every place is this server's own next answer."""
    left = iter(locations)

    def behave(connection: socket.socket, visit: Visit) -> None:
        answering(302, Location=next(left))(connection, visit)

    return behave


def test_a_body_is_fetched_with_the_product_s_name_and_no_credentials(serve: Serve) -> None:
    server = serve(answering(200, b"video", Content_Type="video/mp4", Set_Cookie="a=b"))
    with fetcher(server).open(f"{server.origin()}/v.mp4?sig=1", max_bytes=10) as fetched:
        assert fetched.status == 200
        assert fetched.headers["content-type"] == "video/mp4"
        assert b"".join(fetched.chunks()) == b"video"
    (visit,) = server.visits
    assert visit.request_line == "GET /v.mp4?sig=1 HTTP/1.1"
    assert visit.headers == {
        "host": f"127.0.0.1:{server.port}",
        "user-agent": "video-pipeline/0.1",
        "accept": "*/*",
        "accept-encoding": "identity",
    }


def test_a_certificate_is_checked_for_the_name_while_the_checked_address_is_dialled(
    serve: Serve, certificate: Certificate
) -> None:
    server = serve(answering(200, b"video"), tls=True)
    asked = fetcher(server, resolver=to_loopback, roots=certificate.trusted, host="media.example")
    assert fetch(asked, server.origin("media.example")) == b"video"
    assert server.visits[0].headers["host"] == f"media.example:{server.port}"


def test_a_certificate_for_another_name_fails(serve: Serve, certificate: Certificate) -> None:
    server = serve(answering(200, b"video"), tls=True)
    asked = fetcher(server, resolver=to_loopback, roots=certificate.trusted, host="other.example")
    with pytest.raises(FetchFailedError, match="could not be reached"):
        fetch(asked, server.origin("other.example"))


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",),
        ("93.184.216.34", "10.0.0.1"),
        ("2606:4700:4700::1111", "::ffff:169.254.169.254"),
    ],
)
def test_one_private_address_among_the_resolved_refuses_the_host(
    serve: Serve, addresses: Sequence[str]
) -> None:
    server = serve(answering(200, b"secret"))
    asked = fetcher(resolver=lambda _host, _port: addresses)
    with pytest.raises(FetchRefusedError, match="not on the public internet"):
        fetch(asked, f"https://media.example:{server.port}/")
    assert server.visits == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]"])
def test_no_spelling_of_this_machine_is_fetched(serve: Serve, host: str) -> None:
    server = serve(answering(200, b"secret"))
    with pytest.raises(FetchError):
        fetch(fetcher(), f"https://{host}:{server.port}/")
    assert server.visits == []


def test_plain_http_is_refused_unless_the_very_origin_is_named(serve: Serve) -> None:
    server, other = serve(answering(200, b"video")), serve(answering(200, b"video"))
    with pytest.raises(FetchRefusedError, match="not an https link"):
        fetch(fetcher(other), server.origin())
    assert server.visits == []


@pytest.mark.parametrize(
    "url", ["https://me:secret@media.example/", "file:///etc/passwd", "https://media.example/a b"]
)
def test_a_link_that_is_refused_is_not_repeated(url: str) -> None:
    with pytest.raises(FetchRefusedError) as caught:
        fetch(fetcher(), url)
    assert "secret" not in str(caught.value)


def test_a_redirect_is_followed_where_it_may_go(serve: Serve) -> None:
    target = serve(answering(200, b"video"))
    server = serve(redirecting(f"{target.origin()}/v.mp4"))
    assert fetch(fetcher(server, target), server.origin()) == b"video"


def test_a_relative_redirect_stays_with_its_host(serve: Serve) -> None:
    target = serve(redirecting("/b?x=1", "/c", "/d", "/e"))
    with pytest.raises(FetchRefusedError, match="more than 3 times"):
        fetch(fetcher(target), f"{target.origin()}/a")
    lines = [visit.request_line for visit in target.visits]
    assert lines == [f"GET {path} HTTP/1.1" for path in ("/a", "/b?x=1", "/c", "/d")]


def test_every_redirect_is_checked_anew(serve: Serve) -> None:
    inner = serve(answering(200, b"secret"))
    server = serve(redirecting(f"{inner.origin()}/latest/meta-data"))
    with pytest.raises(FetchRefusedError):
        fetch(fetcher(server), server.origin())
    assert inner.visits == []


def test_a_host_that_turns_private_between_two_looks_is_refused(serve: Serve) -> None:
    server = serve(redirecting("https://media.example/again"))
    told = iter([["127.0.0.1"], ["192.168.0.1"]])
    asked = fetcher(server, resolver=lambda _host, _port: next(told))
    with pytest.raises(FetchRefusedError, match="not on the public internet"):
        fetch(asked, server.origin())


def test_a_host_is_resolved_once_a_connection(serve: Serve) -> None:
    server = serve(answering(200, b"video"))
    looked_up: list[str] = []

    def counting(host: str, _port: int) -> Sequence[str]:
        looked_up.append(host)
        return ("127.0.0.1",)

    fetch(fetcher(server, resolver=counting, host="media.example"), server.origin("media.example"))
    assert looked_up == ["media.example"]


def test_a_redirect_to_nowhere_fails(serve: Serve) -> None:
    server = serve(answering(302))
    with pytest.raises(FetchFailedError, match="redirects to nowhere"):
        fetch(fetcher(server), server.origin())


@pytest.mark.parametrize("status", [201, 204, 304, 401, 403, 404, 410, 416, 429, 500, 503])
def test_any_other_status_fails_and_is_told(serve: Serve, status: int) -> None:
    server = serve(answering(status))
    with pytest.raises(FetchFailedError, match=f"HTTP {status}") as caught:
        fetch(fetcher(server), f"{server.origin()}/v.mp4?sig=secret")
    assert caught.value.status == status
    assert "secret" not in str(caught.value)


FAILING = {
    "reset at once": resetting,
    "reset after the request": resetting_after_request,
    "closed without a word": saying(b""),
    "not HTTP": saying(b"220 ftp ready\r\n"),
    "a body cut short": saying(HEAD + b"Content-Length: 10\r\n\r\nvideo"),
    "a chunk cut short": saying(HEAD + b"Transfer-Encoding: chunked\r\n\r\n9\r\nvideo"),
    "a negative chunk": flooding(HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n", b"x" * 65_536),
    "a compressed body": answering(200, b"\x1f\x8b", Content_Encoding="gzip"),
    "announced as too long": answering(200, b"x" * 1_001),
    "too long without announcement": flooding(HEAD + b"\r\n", b"x" * 65_536),
    "endless header lines": flooding(HEAD, b"X-More: more\r\n" * 100),
}


@pytest.mark.parametrize("behaviour", FAILING.values(), ids=FAILING)
def test_a_source_that_does_not_deliver_fails(serve: Serve, behaviour: object) -> None:
    server = serve(behaviour)
    with pytest.raises(FetchFailedError):
        fetch(fetcher(server), server.origin(), max_bytes=1_000)
    assert len(server.visits) == 1


DRIPS = {
    "header": dripping(HEAD, b"X"),
    "body": dripping(HEAD + b"Content-Length: 500\r\n\r\n", b" "),
    "body in chunks": dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "body that ends by closing": dripping(HEAD + b"\r\n", b" "),
    "nothing at all": hanging_after_request,
}


@pytest.mark.parametrize("behaviour", DRIPS.values(), ids=DRIPS)
def test_a_slow_drip_ends_with_the_time_limit(serve: Serve, behaviour: object) -> None:
    server = serve(behaviour)
    began = time.monotonic()
    with pytest.raises(FetchFailedError, match=r"took longer than 0\.3 s"):
        fetch(fetcher(server, seconds=0.3), server.origin())
    assert time.monotonic() - began < 2


def test_a_chain_of_slow_redirects_shares_one_time_limit(serve: Serve) -> None:
    def slow(connection: socket.socket, visit: Visit) -> None:
        hear(connection, visit)
        connection.settimeout(0.2)
        try:
            connection.recv(1)
        except TimeoutError:
            connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")

    server = serve(slow)
    began = time.monotonic()
    with pytest.raises(FetchFailedError, match="took longer"):
        fetch(fetcher(server, seconds=0.3), server.origin())
    assert time.monotonic() - began < 1


def test_a_handshake_that_hangs_ends_with_the_time_limit(serve: Serve) -> None:
    server = serve(silent)
    origin = f"https://127.0.0.1:{server.port}"
    asked = GuardedFetcher(frozenset({origin}), 0.3)
    with pytest.raises(FetchFailedError, match="took longer"):
        fetch(asked, origin)


def test_a_host_that_nobody_listens_on_fails() -> None:
    with closed_port() as port:
        origin = f"http://127.0.0.1:{port}"
        with pytest.raises(FetchFailedError, match="could not be reached"):
            fetch(GuardedFetcher(frozenset({origin}), 5), origin)


def test_a_dead_address_leaves_time_for_the_next(serve: Serve) -> None:
    server = serve(answering(200, b"video"))
    asked = fetcher(server, resolver=lambda _host, _port: ("127.0.0.2", "127.0.0.1"))
    assert fetch(asked, server.origin()) == b"video"


def test_a_range_is_asked_for_and_taken(serve: Serve) -> None:
    server = serve(answering(206, b"ide", Content_Range="bytes 1-3/5"))
    with fetcher(server).open(server.origin(), max_bytes=3, first_byte=1, last_byte=3) as fetched:
        assert fetched.status == 206
        assert b"".join(fetched.chunks()) == b"ide"
    assert server.visits[0].headers["range"] == "bytes=1-3"


def test_the_rest_of_a_body_is_asked_for_by_an_open_range(serve: Serve) -> None:
    server = serve(answering(206, b"deo", Content_Range="bytes 2-4/5"))
    with fetcher(server).open(server.origin(), max_bytes=3, first_byte=2) as fetched:
        assert b"".join(fetched.chunks()) == b"deo"
    assert server.visits[0].headers["range"] == "bytes=2-"


@pytest.mark.parametrize("told", ["bytes 0-3/5", "bytes */5", "items 1-3/5", ""])
def test_another_range_than_the_wanted_fails(serve: Serve, told: str) -> None:
    server = serve(answering(206, b"vid", Content_Range=told))
    with (
        pytest.raises(FetchFailedError, match="another range"),
        fetcher(server).open(server.origin(), max_bytes=3, first_byte=1, last_byte=3),
    ):
        pass


def test_a_source_without_ranges_is_read_to_the_wanted_byte_and_left(serve: Serve) -> None:
    server = serve(flooding(HEAD + b"Content-Length: 99999999\r\n\r\n", b"x" * 65_536))
    with fetcher(server).open(server.origin(), max_bytes=64, last_byte=63) as fetched:
        assert fetched.status == 200
        assert b"".join(fetched.chunks()) == b"x" * 64


def test_a_source_without_ranges_cannot_be_read_from_the_middle(serve: Serve) -> None:
    server = serve(answering(200, b"video"))
    with (
        pytest.raises(FetchFailedError, match="from the middle"),
        fetcher(server).open(server.origin(), max_bytes=9, first_byte=2),
    ):
        pass


def test_a_body_of_exactly_the_allowed_length_is_taken(serve: Serve) -> None:
    server = serve(answering(200, b"video"))
    assert fetch(fetcher(server), server.origin(), max_bytes=5) == b"video"


def test_memory_stays_flat_while_a_long_body_is_read(serve: Serve) -> None:
    size = 20_000_000
    server = serve(answering(200, b"x" * size))
    with fetcher(server).open(server.origin(), max_bytes=size) as fetched:
        tracemalloc.start()
        taken = sum(len(piece) for piece in fetched.chunks())
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert taken == size
    assert peak < 4_000_000
