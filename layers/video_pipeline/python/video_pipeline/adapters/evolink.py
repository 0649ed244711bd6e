"""The provider's HTTP API: the one paid call, and the free reads."""

import json
import re
import ssl
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from http.client import HTTPResponse
from typing import Protocol
from urllib.parse import quote

from video_pipeline.adapters.addresses import Resolver, WebAddress, resolve
from video_pipeline.adapters.connections import (
    USER_AGENT,
    Call,
    NoAnswerError,
    NotConnectedError,
    TimeLimit,
    ask,
    connect,
    pieces,
    trusted_roots,
)
from video_pipeline.adapters.evolink_answers import (
    TASK_ID,
    create_answer,
    listed_tasks,
    remaining_of,
    task_of,
)
from video_pipeline.adapters.evolink_wire import Answer, WireError, clean
from video_pipeline.domain.answers import CreateAnswer, NotSent, Unknown
from video_pipeline.domain.errors import ProviderKeyMissingError, ProviderUnavailableError
from video_pipeline.domain.task import ListedTask, Task, TaskGone

LONGEST_ANSWER = 1_000_000
PAGE_SIZE = 50  # the most that one page shows [vendor-code]
MOST_PAGES = 40
CREATE_PATH = "/v1/videos/generations"
GONE = frozenset({(404, "task_not_found"), (400, "invalid_task_id")})
_IDEMPOTENCY_KEY = re.compile(r"[A-Za-z0-9._-]{16,96}")
_API_KEY = re.compile(r"[\x21-\x7e]+")


class Exchange(Protocol):
    def __call__(self, to: WebAddress, call: Call, limit: TimeLimit) -> Answer:
        """Make one call on a fresh connection; raises NotConnectedError or NoAnswerError."""
        ...


class EvolinkProvider:
    """The provider port over HTTP; the key goes to the API host alone."""

    def __init__(  # noqa: PLR0913 - the last three are for tests and local runs
        self,
        base_url: str,
        api_key: Callable[[], str],
        create_timeout_seconds: float,
        read_timeout_seconds: float,
        *,
        allowed_local_hosts: frozenset[str] = frozenset(),
        exchange: Exchange | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._base = _api_address(base_url, allowed_local_hosts)
        self._api_key = api_key
        self._create_timeout = create_timeout_seconds
        self._read_timeout = read_timeout_seconds
        self._exchange = exchange or exchange_over(trusted_roots)
        self._now = now

    def is_ready(self) -> bool:
        return _API_KEY.fullmatch(self._api_key()) is not None

    def create(self, body: Mapping[str, object], *, idempotency_key: str) -> CreateAnswer:
        """Make the one paid call, exactly once; what it proves is told by where it failed."""
        if not _IDEMPOTENCY_KEY.fullmatch(idempotency_key):
            raise ValueError("An idempotency key has 16 to 96 letters, digits, '.', '_' or '-'.")
        sent = json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
        more = {"Content-Type": "application/json", "Idempotency-Key": idempotency_key}
        try:
            key = self._key()
        except Exception as error:  # noqa: BLE001 - whatever hides the key, nothing was sent
            return NotSent(clean(f"The provider's key could not be read: {error}"))
        call = Call("POST", self._target(CREATE_PATH), {**self._headers(key), **more}, sent)
        try:
            answer = self._send(call, key, self._create_timeout)
        except NotConnectedError as error:
            return NotSent(clean(str(error)))
        except NoAnswerError as error:
            return Unknown(clean(str(error)), error.status)
        return create_answer(answer, self._now())

    def read(self, task_id: str) -> Task | TaskGone:
        if not TASK_ID.fullmatch(task_id):
            return TaskGone(task_id)
        answer = self._get(f"/v1/tasks/{quote(task_id, safe='')}")
        error = WireError.of(answer.fields())
        if error and not answer.is_success and (answer.status, error.name) in GONE:
            return TaskGone(task_id)
        task = task_of(answer.fields(), task_id) if answer.is_success else None
        if task is None:
            raise _unavailable(answer, error)
        return task

    def listed(self, since: datetime) -> list[ListedTask]:
        """Read the account's list, newest first [vendor-code], page by page."""
        found: dict[str, ListedTask] = {}
        for page in range(1, MOST_PAGES + 1):
            answer = self._get(f"/v1/tasks?type=video&page={page}&page_size={PAGE_SIZE}")
            tasks = listed_tasks(answer.fields()) if answer.is_success else None
            if tasks is None:
                raise _unavailable(answer, WireError.of(answer.fields()))
            young = [task for task in tasks if task.created >= since.timestamp()]
            found |= {task.id: task for task in young}
            if len(tasks) < PAGE_SIZE or len(young) < len(tasks):
                break
        return list(found.values())

    def remaining_credits(self) -> int | None:
        answer = self._get("/v1/credits")
        if not answer.is_success or not answer.fields():
            raise _unavailable(answer, WireError.of(answer.fields()))
        return remaining_of(answer.fields())

    def _get(self, path: str) -> Answer:
        key = self._key()
        try:
            call = Call("GET", self._target(path), self._headers(key))
            return self._send(call, key, self._read_timeout)
        except (NotConnectedError, NoAnswerError) as error:
            message = f"The provider could not be read: {clean(str(error))}."
            raise ProviderUnavailableError(message) from error

    def _send(self, call: Call, key: str, seconds: float) -> Answer:
        """Make a call; an error that repeats the key comes back without it."""
        with TimeLimit(seconds) as limit:
            answer = self._exchange(self._base, call, limit)
        if answer.is_success:
            return answer
        return replace(answer, body=answer.body.replace(key.encode(), b"[key]"))

    def _key(self) -> str:
        key = self._api_key()
        if not _API_KEY.fullmatch(key):
            raise ProviderKeyMissingError(
                "The secret of the provider's API key is empty or holds more than one word; "
                "put the key into it, and nothing else."
            )
        return key

    def _headers(self, key: str) -> dict[str, str]:
        return {
            "Host": self._base.host_header,
            "Authorization": f"Bearer {key}",
            "Accept": "application/json",
            "User-Agent": USER_AGENT,
        }

    def _target(self, path: str) -> str:
        return self._base.target.rstrip("/") + path


def _api_address(base_url: str, allowed_local_hosts: frozenset[str]) -> WebAddress:
    try:
        address = WebAddress.parse(base_url)
    except ValueError as error:
        raise ValueError(f"The provider's base URL {error}.") from error
    if address.scheme != "https" and address.origin not in allowed_local_hosts:
        raise ValueError(f"The provider's base URL {address.shown} is not https.")
    return address


def exchange_over(roots: Callable[[], ssl.SSLContext], resolver: Resolver = resolve) -> Exchange:
    """Return the real exchange, which trusts the given certificate roots."""

    def exchange(to: WebAddress, call: Call, limit: TimeLimit) -> Answer:
        try:
            addresses = limit.run(lambda: resolver(to.host, to.port))
        except (OSError, UnicodeError) as error:
            raise NotConnectedError(f"{to.host} could not be resolved: {error}") from error
        with (
            closing(connect(to, addresses, limit, roots)) as connection,
            ask(connection, call, limit) as response,
        ):
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, headers, _whole(response, limit))

    return exchange


def _whole(response: HTTPResponse, limit: TimeLimit) -> bytes:
    body = bytearray()
    for piece in pieces(response, limit, size=65_536):
        body += piece
        if len(body) > LONGEST_ANSWER:
            raise NoAnswerError(f"more than {LONGEST_ANSWER:,} bytes", response.status)
    return bytes(body)


def _unavailable(answer: Answer, error: WireError | None) -> ProviderUnavailableError:
    words = f"{error.name}: {error.message}" if error else "no answer that the contract knows"
    return ProviderUnavailableError(f"The provider answered HTTP {answer.status}, {words}")
