"""Hook every call that leaves the process: AWS in botocore, all other HTTP in http.client."""

import http.client
import os
import re
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from botocore.client import BaseClient

from crash_proof.inside.invocation import reach, reached

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = re.compile(r"(?=.*\d)[^/]{8,}|[^/]*\.[a-z0-9]+")
EVERY_CALL = "_make_api_call"  # the one method through which botocore makes each
inside_aws = threading.local()


def watch() -> None:
    watch_aws()
    watch_http()


def watch_aws() -> None:
    real = getattr(BaseClient, EVERY_CALL)

    def watched(client: Any, operation: str, parameters: Any) -> Any:  # noqa: ANN401 - botocore's
        call = f"{client.meta.service_model.service_name}.{operation}"
        ordinal = reach(call)
        inside_aws.now = True
        try:
            return real(client, operation, parameters)
        finally:
            inside_aws.now = False
            reached(call, ordinal)

    setattr(BaseClient, EVERY_CALL, watched)


def watch_http() -> None:
    """Watch requests of the standard library's client, on which botocore's is built too."""
    request: Callable[..., Any] = http.client.HTTPConnection.request
    getresponse: Callable[..., Any] = http.client.HTTPConnection.getresponse

    def asked(self: Any, method: str, url: str, *rest: Any, **more: Any) -> None:  # noqa: ANN401
        if getattr(inside_aws, "now", False):
            request(self, method, url, *rest, **more)
            return
        call = f"{method} {place(self.host, self.port)}{shape(url)}"
        self.watched = (call, reach(call))
        request(self, method, url, *rest, **more)

    def answered(self: Any) -> Any:  # noqa: ANN401 - http.client's
        watched = self.__dict__.pop("watched", None)
        try:
            return getresponse(self)
        finally:
            if watched:
                reached(*watched)

    http.client.HTTPConnection.request = asked  # type: ignore[method-assign]  # this is the hook
    http.client.HTTPConnection.getresponse = answered  # type: ignore[method-assign]  # the same


def place(host: str, port: int | None) -> str:
    """Name whom a call goes to, without ports, which differ from stack to stack."""
    known = {"provider": "PROVIDER_BASE_URL", "allowed": "ALLOWED_LOCAL_HOSTS"}
    if is_at(os.environ.get("AWS_ENDPOINT_URL", ""), host, port):
        return "aws"
    for name, variable in known.items():
        if any(is_at(url, host, port) for url in os.environ.get(variable, "").split(",")):
            return name
    return host


def is_at(url: str, host: str, port: int | None) -> bool:
    parts = urlsplit(url)
    return (parts.hostname, parts.port) == (host, port)


def shape(url: str) -> str:
    """Return a path with a star for whatever names a single thing."""
    path = urlsplit(url).path
    return "/".join("*" if NAME.fullmatch(part) else part for part in path.split("/"))
