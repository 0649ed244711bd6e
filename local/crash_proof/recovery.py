"""Law 5: what could not be decided is recovered, here by a ring that comes at last."""

from collections.abc import Iterable

from crash_proof.provider import http
from crash_proof.world import Live, World


def unconfirmed(played: Iterable[Live]) -> list[Live]:
    return [live for live in played if "unconfirmed" in states(live)]


def states(live: Live) -> set[str]:
    return {job.get("state", "forgotten") for job in live.jobs.values()}


def ring_at_last(live: Live, world: World) -> bool:
    """Deliver the callback of each finished task whose job does not know of it."""
    for task in world.books():
        url = task["request"]["callback_url"]
        job = live.jobs.get(url.split("/")[-4], {})
        if job.get("state") == "unconfirmed" and task["status"] in {"completed", "failed"}:
            http("POST", url, task["answer"])
    return True
