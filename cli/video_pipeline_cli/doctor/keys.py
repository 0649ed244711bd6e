"""The two secrets, and the provider's free call that proves its key."""

from collections.abc import Iterator

from video_pipeline.adapters.evolink import EvolinkProvider
from video_pipeline.adapters.secrets import Secrets
from video_pipeline.domain.credits import to_credits
from video_pipeline.domain.errors import ProviderUnavailableError
from video_pipeline_cli.doctor.deployed import Deployed
from video_pipeline_cli.doctor.finding import Finding, ok, warning, wrong

CALL_SECONDS = 15.0


def callback_key(stack: Deployed) -> Iterator[Finding]:
    secret = stack.outputs["CallbackSecretArn"]
    keys = Secrets(stack.client("secretsmanager")).current_and_previous(secret)
    if not keys:
        fix = (
            f"`aws secretsmanager put-secret-value --secret-id {secret} "
            '--secret-string "$(openssl rand -hex 32)"`'
        )
        yield wrong("secrets", "the callback secret is empty: no ring is believed", fix)
        return
    rotating = " (and the one before it)" if len(set(keys)) > 1 else ""
    yield ok("secrets", f"the callback secret holds a key{rotating}")


def provider_key(stack: Deployed) -> Iterator[Finding]:
    secret = stack.outputs["ProviderSecretArn"]
    key = Secrets(stack.client("secretsmanager")).value(secret)
    fix = (
        f'`aws secretsmanager put-secret-value --secret-id {secret} --secret-string "YOUR_KEY"`; '
        "it is used within a minute"
    )
    if not key:
        yield wrong("secrets", "the provider secret is empty: jobs wait, nothing is submitted", fix)
        return
    yield ok("secrets", "the provider secret holds a key")
    base = stack.parameters["ProviderBaseUrl"]
    try:
        left = _provider(stack, base, key).remaining_credits()
    except (ProviderUnavailableError, ValueError) as error:
        yield wrong("provider", f"{base} does not take the key: {error}", fix)
        return
    yield _account(base, left, float(stack.parameters["DailyCreditLimit"]))


def _provider(stack: Deployed, base: str, key: str) -> EvolinkProvider:
    return EvolinkProvider(
        base, lambda: key, CALL_SECONDS, CALL_SECONDS, allowed_local_hosts=stack.local_hosts
    )


def _account(base: str, left: int | None, cap: float) -> Finding:
    if left is None:
        return ok("provider", f"{base} takes the key, and does not tell the credits left")
    words = f"{base} takes the key; {to_credits(left):,g} credits are left"
    top_up = "buy credits at the provider"
    if left <= 0:
        return wrong("provider", f"{words}: every submission waits", top_up)
    if to_credits(left) < cap:
        return warning("provider", f"{words}, less than one day's cap of {cap:,g}", top_up)
    return ok("provider", words)
