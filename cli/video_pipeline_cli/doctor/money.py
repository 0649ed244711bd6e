"""The day's cap, what holds every submission back, and what the AWS account allows."""

from collections.abc import Iterator

from video_pipeline.adapters.ledger import items
from video_pipeline.domain.control import PAUSES
from video_pipeline.domain.credits import to_credits
from video_pipeline_cli.doctor.deployed import Deployed
from video_pipeline_cli.doctor.finding import Finding, ok, warning, wrong

NEAR = 0.9  # of the cap
FEW = 100  # concurrent executions; new accounts start with 10


def cap(stack: Deployed) -> Iterator[Finding]:
    limit = float(stack.parameters["DailyCreditLimit"])
    raise_it = stack.change("DailyCreditLimit", "CREDITS")
    if limit <= 0:
        words = "the daily cap is 0 credits: every job ends unpaid with the reason credit_cap"
        yield wrong("cap", words, raise_it)
        return
    day = stack.target.clock.now().date().isoformat()
    taken = _committed(stack, day)
    words = f"{taken:,g} of {limit:,g} credits are taken on {day} (UTC)"
    if taken >= limit:
        yield wrong("cap", f"{words}: jobs end unpaid", f"wait for midnight UTC, or {raise_it}")
    elif taken >= NEAR * limit:
        yield warning("cap", words, f"wait for midnight UTC, or {raise_it}")
    else:
        yield ok("cap", words)


def _committed(stack: Deployed, day: str) -> float:
    answer = stack.target.dynamodb.get_item(
        TableName=stack.target.table, Key=items.credits_key(day), ConsistentRead=True
    )
    stored = answer.get("Item", {}).get("committed")
    return to_credits(items.plain(stored)) if stored else 0.0


def holds(stack: Deployed) -> Iterator[Finding]:
    control, now = stack.target.account.control(), stack.target.clock.now()
    if control.paused is not None:
        fix = PAUSES.get(control.paused, "`video-pipeline resume`")
        words = f"every submission is paused ({control.paused}): {control.message or 'no message'}"
        yield wrong("provider", words, fix)
    elif control.not_before is not None and control.not_before > now:
        words = f"the provider asked for a pause until {control.not_before:%H:%M:%S} UTC"
        yield warning("provider", words, "nothing: it ends by itself; or lower SubmitConcurrency")
    else:
        yield ok("provider", "nothing holds submissions back")


def quotas(stack: Deployed) -> Iterator[Finding]:
    if stack.target.is_local:
        yield ok("quotas", "the local engine has none")
        return
    limits = stack.client("lambda").get_account_settings()["AccountLimit"]
    free = limits["UnreservedConcurrentExecutions"]
    words = f"{free:,} functions may run at once in this account and region"
    if free < FEW:
        fix = "ask Service Quotas for more `Concurrent executions` of Lambda"
        yield warning("quotas", f"{words}: bursts of drops and rings are throttled", fix)
    else:
        yield ok("quotas", words)
