"""What the paid call proves, told by servers that misbehave in every way we know."""

import json
import ssl
import threading
import time
from collections.abc import Callable

import pytest

from tests.edges.conftest import Serve
from tests.edges.servers import (
    Certificate,
    Loopback,
    answering,
    closed_port,
    dripping,
    flooding,
    hanging_after_request,
    resetting,
    resetting_after_request,
    saying,
    silent,
)
from video_pipeline.adapters.evolink import EvolinkProvider, exchange_over
from video_pipeline.domain.answers import (
    AccountRefused,
    AccountTrouble,
    CreateAnswer,
    Created,
    NotSent,
    Refused,
    Unknown,
)
from video_pipeline.domain.errors import ProviderUnavailableError
from video_pipeline.domain.task import Task, TaskGone, TaskStatus

KEY = "sk-planted-secret"
IDEMPOTENCY_KEY = "run_0123456789abcdef"
CREATED = {"id": "task-unified-1790000000-k3v9x2pa", "usage": {"credits_reserved": 13.5}}
JSON_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BODY = json.dumps(CREATED).encode()
WHOLE = JSON_HEAD + f"Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY


def provider(
    origin: str,
    *,
    seconds: float = 5,
    roots: Callable[[], ssl.SSLContext] = ssl.create_default_context,
) -> EvolinkProvider:
    return EvolinkProvider(
        origin,
        lambda: KEY,
        seconds,
        seconds,
        allowed_local_hosts=frozenset({origin}),
        exchange=exchange_over(roots),
    )


def create(server: Loopback, *, seconds: float = 5) -> CreateAnswer:
    asked = provider(server.origin(), seconds=seconds)
    return asked.create({"prompt": "Tea 茶"}, idempotency_key=IDEMPOTENCY_KEY)


def test_a_task_is_created_by_one_call_with_the_contract_s_headers(serve: Serve) -> None:
    server = serve(answering(200, CREATED))
    assert create(server) == Created(str(CREATED["id"]), reserved=135_000)
    (visit,) = server.visits
    assert visit.request_line == "POST /v1/videos/generations HTTP/1.1"
    assert json.loads(visit.body) == {"prompt": "Tea 茶"}
    assert visit.headers == {
        "host": f"127.0.0.1:{server.port}",
        "accept-encoding": "identity",
        "content-length": str(len(visit.body)),
        "authorization": f"Bearer {KEY}",
        "accept": "application/json",
        "user-agent": "video-pipeline/0.1",
        "content-type": "application/json",
        "idempotency-key": IDEMPOTENCY_KEY,
    }


def test_every_call_opens_a_connection_of_its_own(serve: Serve) -> None:
    server = serve(saying(WHOLE, stays_open=True))
    for _ in range(3):
        assert isinstance(create(server), Created)
    assert len(server.visits) == 3


def test_a_base_url_may_have_a_path(serve: Serve) -> None:
    server = serve(answering(200, CREATED))
    asked = EvolinkProvider(
        f"{server.origin()}/proxy/",
        lambda: KEY,
        5,
        5,
        allowed_local_hosts=frozenset({server.origin()}),
    )
    asked.create({}, idempotency_key=IDEMPOTENCY_KEY)
    assert server.visits[0].request_line == "POST /proxy/v1/videos/generations HTTP/1.1"


def test_a_refused_connection_is_provably_not_sent() -> None:
    with closed_port() as port:
        answer = provider(f"http://127.0.0.1:{port}").create({}, idempotency_key=IDEMPOTENCY_KEY)
    assert isinstance(answer, NotSent)


def test_a_host_without_an_address_is_provably_not_sent() -> None:
    def unknown_host(host: str, port: int) -> tuple[str, ...]:
        raise OSError(f"Name or service not known: {host}:{port}")

    asked = EvolinkProvider(
        "https://api.example",
        lambda: KEY,
        5,
        5,
        exchange=exchange_over(ssl.create_default_context, unknown_host),
    )
    answer = asked.create({}, idempotency_key=IDEMPOTENCY_KEY)
    assert isinstance(answer, NotSent)
    assert "could not be resolved" in answer.message


def test_a_look_up_that_hangs_ends_with_the_time_limit_and_is_not_sent() -> None:
    released = threading.Event()

    def hanging(_host: str, _port: int) -> tuple[str, ...]:
        released.wait(5)
        return ()

    asked = EvolinkProvider(
        "https://api.example",
        lambda: KEY,
        0.2,
        5,
        exchange=exchange_over(ssl.create_default_context, hanging),
    )
    began = time.monotonic()
    assert isinstance(asked.create({}, idempotency_key=IDEMPOTENCY_KEY), NotSent)
    assert time.monotonic() - began < 2
    released.set()


def test_a_certificate_that_is_not_trusted_is_provably_not_sent(serve: Serve) -> None:
    server = serve(answering(200, CREATED), tls=True)
    answer = create(server)
    assert isinstance(answer, NotSent)
    assert "certificate" in answer.message.lower()
    assert server.visits[0].head == ""


def test_a_certificate_for_another_host_is_provably_not_sent(
    serve: Serve, certificate: Certificate
) -> None:
    server = serve(answering(200, CREATED), tls=True)
    asked = EvolinkProvider(
        server.origin("api.example"),
        lambda: KEY,
        5,
        5,
        exchange=exchange_over(certificate.trusted, lambda _host, _port: ("127.0.0.1",)),
    )
    assert isinstance(asked.create({}, idempotency_key=IDEMPOTENCY_KEY), NotSent)
    assert server.visits[0].head == ""


def test_a_handshake_that_hangs_ends_with_the_time_limit_and_is_not_sent(serve: Serve) -> None:
    server = serve(silent)
    asked = provider(f"https://127.0.0.1:{server.port}", seconds=0.3)
    began = time.monotonic()
    assert isinstance(asked.create({}, idempotency_key=IDEMPOTENCY_KEY), NotSent)
    assert time.monotonic() - began < 2


def test_a_server_that_speaks_no_tls_is_provably_not_sent(serve: Serve) -> None:
    server = serve(saying(b"HTTP/1.1 200 OK\r\n\r\n"))
    asked = provider(f"https://127.0.0.1:{server.port}", seconds=1)
    assert isinstance(asked.create({}, idempotency_key=IDEMPOTENCY_KEY), NotSent)


def test_a_task_is_created_over_tls(serve: Serve, certificate: Certificate) -> None:
    server = serve(answering(200, CREATED), tls=True)
    asked = provider(server.origin(), roots=certificate.trusted)
    assert isinstance(asked.create({}, idempotency_key=IDEMPOTENCY_KEY), Created)


@pytest.mark.parametrize("behaviour", [resetting_after_request, hanging_after_request])
def test_an_answer_lost_inside_tls_is_unknown(
    serve: Serve, certificate: Certificate, behaviour: object
) -> None:
    server = serve(behaviour, tls=True)
    asked = provider(server.origin(), seconds=0.5, roots=certificate.trusted)
    assert isinstance(asked.create({}, idempotency_key=IDEMPOTENCY_KEY), Unknown)
    assert server.visits[0].head != ""


HTML = b"<!doctype html><title>Just a moment</title>"
ERROR = {"error": {"code": "internal_error", "message": "Oops", "type": "api_error"}}

UNKNOWN = {
    "reset before it is read": resetting,
    "reset after the request": resetting_after_request,
    "closed without a word": saying(b""),
    "not HTTP": saying(b"SSH-2.0-OpenSSH_9.9\r\n"),
    "an HTML page with 200": answering(200, HTML, Content_Type="text/html"),
    "an HTML page with 403": answering(403, HTML, Content_Type="text/html"),
    "a 200 without id": answering(200, {"status": "pending"}),
    "a 200 whose id is no text": answering(200, {"id": 5}),
    "a 200 with an empty body": answering(200),
    "a 204": saying(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "a redirect": answering(307, Location="/v1/videos/generations"),
    "a 500 with the contract's body": answering(500, ERROR),
    "a 503": answering(503, b"upstream connect error"),
    "a 400 without the contract's body": answering(400, {"detail": "bad"}),
    "a body cut short": saying(WHOLE[:-1]),
    "a chunk cut short": saying(JSON_HEAD + b'Transfer-Encoding: chunked\r\n\r\n5\r\n{"id'),
    "an endless body": flooding(JSON_HEAD + b"\r\n", b" " * 65_536),
    "endless header lines": flooding(JSON_HEAD, b"X-More: more\r\n" * 100),
}


@pytest.mark.parametrize("behaviour", UNKNOWN.values(), ids=UNKNOWN)
def test_what_proves_nothing_is_unknown_and_never_repeated(serve: Serve, behaviour: object) -> None:
    server = serve(behaviour)
    assert isinstance(create(server), Unknown)
    assert len(server.visits) == 1


DRIPS = {
    "status line": dripping(b"", b"H"),
    "header": dripping(JSON_HEAD, b"X"),
    "interim answers": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body of known length": dripping(JSON_HEAD + b"Content-Length: 500\r\n\r\n", b" "),
    "body in chunks": dripping(JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "body that ends by closing": dripping(JSON_HEAD + b"\r\n" + BODY, b" "),
    "nothing at all": hanging_after_request,
}


@pytest.mark.parametrize("behaviour", DRIPS.values(), ids=DRIPS)
def test_a_slow_drip_ends_with_the_time_limit(serve: Serve, behaviour: object) -> None:
    server = serve(behaviour)
    began = time.monotonic()
    answer = create(server, seconds=0.3)
    assert isinstance(answer, Unknown)
    assert "took longer than 0.3 s" in answer.message
    assert time.monotonic() - began < 2


def test_a_whole_answer_counts_even_if_the_connection_stays_open(serve: Serve) -> None:
    server = serve(saying(WHOLE, stays_open=True))
    began = time.monotonic()
    assert isinstance(create(server), Created)
    assert time.monotonic() - began < 2


def test_a_definite_no_is_refused_without_echoing_the_key(serve: Serve) -> None:
    message = f"duration {KEY} is wrong, see https://files.example/x?sig=1 (request id: 7)"
    server = serve(answering(400, {"error": {"code": "invalid_request", "message": message}}))
    assert create(server) == Refused(
        400, "invalid_request", "duration [key] is wrong, see [link to files.example]"
    )


def test_too_many_requests_tells_how_long_to_wait(serve: Serve) -> None:
    error = {"error": {"code": "rate_limit_exceeded", "message": "Slow down"}}
    server = serve(answering(429, error, Retry_After="17"))
    assert create(server) == AccountRefused(
        AccountTrouble.RATE_LIMIT, 429, "rate_limit_exceeded", "Slow down", 17
    )


def test_a_task_is_read_by_its_quoted_id(serve: Serve) -> None:
    server = serve(answering(200, {"id": "task-unified-1:a", "status": "queued"}))
    task = provider(server.origin()).read("task-unified-1:a")
    assert isinstance(task, Task)
    assert task.status is TaskStatus.RUNNING
    assert server.visits[0].request_line == "GET /v1/tasks/task-unified-1%3Aa HTTP/1.1"


def test_a_task_that_the_provider_does_not_know_is_gone(serve: Serve) -> None:
    server = serve(answering(404, {"error": {"code": "task_not_found", "message": "No"}}))
    assert provider(server.origin()).read("task-unified-1") == TaskGone("task-unified-1")


@pytest.mark.parametrize("behaviour", UNKNOWN.values(), ids=UNKNOWN)
def test_a_read_that_proves_nothing_is_unavailable(serve: Serve, behaviour: object) -> None:
    server = serve(behaviour)
    with pytest.raises(ProviderUnavailableError):
        provider(server.origin()).read("task-unified-1")


def test_a_plain_404_says_nothing_about_a_task(serve: Serve) -> None:
    server = serve(answering(404, b"404 page not found"))
    with pytest.raises(ProviderUnavailableError, match="HTTP 404"):
        provider(server.origin()).read("task-unified-1")
