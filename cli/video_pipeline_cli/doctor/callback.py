"""Whether a ring comes through from outside, and only with its capability."""

from collections.abc import Iterator

import httpx

from video_pipeline.adapters.secrets import Secrets
from video_pipeline.domain.capability import ROUTE, Capability, grant
from video_pipeline_cli.doctor.deployed import Deployed
from video_pipeline_cli.doctor.finding import Finding, ok, wrong

NOBODY = "0" * 32  # no job has this id, so a ring for it moves nothing
HTTP_OK, NOT_FOUND = 200, 404
SECONDS = 10.0  # the provider hangs up after that


def callback(stack: Deployed) -> Iterator[Finding]:
    """Ring without and with a capability, for a job that does not exist."""
    url = stack.outputs["CallbackUrl"]
    routes = stack.client("apigatewayv2").get_routes(ApiId=stack.id_of("CallbackApi"))["Items"]
    if f"POST {ROUTE}" not in {route["RouteKey"] for route in routes}:
        words = f"the API {url} has no route for callbacks: every ring is lost, jobs are polled"
        yield wrong("callback", words, stack.update)
        return
    try:
        yield from _rings(stack, url)
    except httpx.HTTPError as error:
        words = f"{url} cannot be reached from here: {error}"
        yield wrong("callback", words, "let the provider reach this address, then look again")


def _rings(stack: Deployed, url: str) -> Iterator[Finding]:
    forged = _ring(url, Capability(NOBODY, 1, "00000000", "forged"))
    if forged == NOT_FOUND:
        yield ok("callback", "a ring without capability is refused")
    else:
        yield wrong("callback", f"a forged ring is answered with {forged}, not 404", stack.update)
    key = Secrets(stack.client("secretsmanager")).value(stack.outputs["CallbackSecretArn"])
    if not key:
        return  # told of as a secret
    genuine = _ring(url, grant(key, NOBODY, 1))
    if genuine == HTTP_OK:
        yield ok("callback", f"a ring with its capability is heard at {url}")
        return
    words = f"a genuine ring is answered with {genuine}, not 200: rings are lost, jobs are polled"
    fix = "look at the log of ReceiveCallbackFunction; a key changed within a minute needs patience"
    yield wrong("callback", words, fix)


def _ring(url: str, capability: Capability) -> int:
    return httpx.post(url + capability.path, json={}, timeout=SECONDS).status_code
