import asyncio
import ssl
from pathlib import Path
from urllib.parse import urljoin

import httpx

from provider_emulator.addresses import (
    Destination,
    Gate,
    RefusedAddressError,
    UnknownHostError,
)

USER_AGENT = "provider-emulator/1.0"
REDIRECTS = (301, 302, 303, 307, 308)


class FetchError(Exception):
    """When a reference cannot be had; the text is for the task's error message."""


class TooLargeError(FetchError):
    """When a reference has more bytes than its kind may have."""


class Caller:
    """Makes outgoing calls to the very address that the gate has checked."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        limits = httpx.Limits(max_keepalive_connections=0)
        self.client = httpx.AsyncClient(
            verify=ssl.create_default_context(),
            limits=limits,
            timeout=None,  # noqa: S113 - every call stands under its own total limit
            trust_env=False,
            headers={"user-agent": USER_AGENT, "accept-encoding": "identity"},
        )

    def request(
        self, method: str, destination: Destination, content: bytes | None = None
    ) -> httpx.Request:
        """Build a request to the checked address that still names the host, TLS included."""
        url = httpx.URL(destination.url)
        headers = {"host": url.netloc.decode()}
        if content is not None:
            headers["content-type"] = "application/json"
        return self.client.build_request(
            method,
            url.copy_with(host=destination.address, port=destination.port),
            content=content,
            headers=headers,
            extensions={"sni_hostname": destination.host},
        )

    async def close(self) -> None:
        await self.client.aclose()


class Fetcher:
    """Fetches reference media within limits of address, redirects, time and bytes."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    async def fetch(
        self, url: str, out: Path, *, most_bytes: int, redirects: int, seconds: float
    ) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._follow(url, out, most_bytes, redirects)
        except TimeoutError as error:
            raise FetchError(f"it was not received within {seconds:g} s") from error
        except (RefusedAddressError, UnknownHostError) as error:
            raise FetchError(f"it is not accessible: {error}") from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            raise FetchError(f"it could not be downloaded ({type(error).__name__})") from error

    async def _follow(self, url: str, out: Path, most_bytes: int, redirects: int) -> None:
        for _ in range(redirects + 1):
            request = self._caller.request("GET", await self._caller.gate.resolve(url))
            response = await self._caller.client.send(request, stream=True)
            try:
                if response.status_code not in REDIRECTS:
                    await _save(response, out, most_bytes)
                    return
                url = urljoin(url, response.headers.get("location", ""))
            finally:
                await response.aclose()
        raise FetchError(f"it redirects more than {redirects} times")


async def _save(response: httpx.Response, out: Path, most_bytes: int) -> None:
    if response.status_code != httpx.codes.OK:
        raise FetchError(f"its server answered HTTP {response.status_code}")
    received = 0
    with out.open("wb") as file:
        async for chunk in response.aiter_raw(65536):
            received += len(chunk)
            if received > most_bytes:
                raise TooLargeError(f"it is larger than {most_bytes / 1e6:g} MB")
            file.write(chunk)
