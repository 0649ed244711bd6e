"""Answers like AWS and the provider, at once and always alike, over TLS on loopback.

It is not AWS: it knows one job, and what was put since. It lets a function walk its whole way.
"""

import hashlib
import json
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from benches.loopback import LOOPBACK, QuietHandler, QuietServer

MEDIA = "/media/"
SECRET = "sk-bench"  # noqa: S105 - it opens nothing
JSON = "application/json"
ASSUMED = """<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<AssumeRoleResult><Credentials><AccessKeyId>ASIABENCH</AccessKeyId>
<SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>
</AssumeRoleResponse>"""
NO_KEY = "<Error><Code>NoSuchKey</Code><Message>no</Message></Error>"
NO_SECRET = b'{"__type": "ResourceNotFoundException"}'
OF_S3 = {
    "ETag": '"e"',
    "x-amz-version-id": "v1",
    "Last-Modified": "Tue, 24 Nov 2026 12:00:00 GMT",
}
ALWAYS: Mapping[str, Mapping[str, Any]] = {
    "GetSecretValue": {"SecretString": SECRET},
    "StartExecution": {"executionArn": "arn", "startDate": 1.0},
    "DescribeExecution": {"executionArn": "arn", "status": "RUNNING", "startDate": 1.0},
    "PutEvents": {"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]},
}
TASK = {
    "id": "task-unified-1",
    "model": "seedance-2.0-mini-reference-to-video",
    "status": "processing",
    "progress": 10,
    "created": 1_795_521_600,
}

Item = Mapping[str, Any]


@dataclass
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def operation(self) -> str:
        """Name the operation of a JSON service; empty where the protocol names none."""
        return self.headers.get("X-Amz-Target", "").rpartition(".")[2]

    def content(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass(frozen=True)
class Answer:
    status: int
    kind: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Shelf:
    """The ledger's table: one job whatever is asked for, and the items that were put."""

    job: Item = field(default_factory=dict)
    put: dict[tuple[str, str], Item] = field(default_factory=dict)

    def answer(self, operation: str, sent: Mapping[str, Any]) -> Mapping[str, Any]:
        match operation:
            case "GetItem":
                item = self._item(sent["Key"])
                return {"Item": item} if item else {}
            case "BatchGetItem":
                ((table, wanted),) = sent["RequestItems"].items()
                found = [item for item in map(self._item, wanted["Keys"]) if item]
                return {"Responses": {table: found}, "UnprocessedKeys": {}}
            case "Query":
                found = self._partition(sent["ExpressionAttributeValues"])
                return {"Items": found, "Count": len(found)}
            case "PutItem":
                self.put[key_of(sent["Item"])] = sent["Item"]
        return {"Attributes": self.job} if operation == "UpdateItem" else {}

    def _item(self, key: Item) -> Item | None:
        name = key_of(key)
        return self.put.get(name) or (self.job if name[0].startswith("JOB#") else None)

    def _partition(self, values: Mapping[str, Any]) -> list[Item]:
        wanted, beginning = (values.get(name, {}).get("S", "") for name in (":pk", ":beginning"))
        return [
            item
            for (partition, sort), item in self.put.items()
            if partition == wanted and sort.startswith(beginning)
        ]


@dataclass
class StandIn:
    """`manifest` is the one object of the intake, `media` what lies behind every link."""

    tls: ssl.SSLContext
    shelf: Shelf = field(default_factory=Shelf)
    manifest: bytes = b""
    media: bytes = b""
    on_media: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        self._server = QuietServer((LOOPBACK, 0), handler_for(self))
        self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def origin(self) -> str:
        return f"https://{LOOPBACK}:{self._server.server_address[1]}"

    def answer(self, asked: Asked) -> Answer:
        if asked.path.startswith(MEDIA):
            self.on_media()
            return self._of_media(asked)
        if asked.operation:
            return self._of_json_service(asked)
        if asked.body.startswith(b"Action=AssumeRole"):
            return Answer(200, "text/xml", ASSUMED.encode())
        if asked.path.startswith("/v1/"):
            return Answer(200, JSON, json.dumps(TASK).encode())
        return self._of_s3(asked)

    def _of_media(self, asked: Asked) -> Answer:
        if not self.media:
            return Answer(404, "text/plain", b"")
        first, _, last = asked.headers.get("Range", "bytes=0-").partition("=")[2].partition("-")
        part = self.media[int(first) : int(last or len(self.media)) + 1]
        told = f"bytes {first}-{int(first) + len(part) - 1}/{len(self.media)}"
        return Answer(206, "image/png", part, {"Content-Range": told})

    def _of_json_service(self, asked: Asked) -> Answer:
        operation, sent = asked.operation, asked.content()
        if sent.get("VersionStage") == "AWSPREVIOUS":
            return Answer(400, JSON, NO_SECRET)
        told = ALWAYS.get(operation) or self.shelf.answer(operation, sent)
        if operation == "SendMessage":
            digest = hashlib.md5(sent["MessageBody"].encode(), usedforsecurity=False).hexdigest()
            told = {"MessageId": "1", "MD5OfMessageBody": digest}
        return Answer(200, JSON, json.dumps(told).encode())

    def _of_s3(self, asked: Asked) -> Answer:
        reads = asked.method in {"GET", "HEAD"}
        if reads and "/manifests/" in asked.path:
            return Answer(200, JSON, self.manifest, OF_S3)
        if reads:
            return Answer(404, "application/xml", NO_KEY.encode())
        return Answer(200, "application/xml", b"", OF_S3)


def key_of(item: Item) -> tuple[str, str]:
    return item.get("pk", {}).get("S", ""), item.get("sk", {}).get("S", "")


def handler_for(stand_in: StandIn) -> type[QuietHandler]:
    class Handler(QuietHandler):
        def do_any(self) -> None:
            headers = {name.title(): value for name, value in self.headers.items()}
            answer = stand_in.answer(Asked(self.command, self.path, headers, self.body()))
            self.send_response(answer.status)
            told = {**answer.headers, "Content-Type": answer.kind}
            for name, value in {**told, "Content-Length": str(len(answer.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        do_GET = do_POST = do_PUT = do_HEAD = do_any  # noqa: N815 - http.server's names

    return Handler
