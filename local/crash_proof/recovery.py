"""Law 5: what could not be decided is recovered, by a ring that comes at last or by command."""

from collections.abc import Iterable

from crash_proof.command import run
from crash_proof.provider import http, was_told
from crash_proof.world import Live, World


def unconfirmed(played: Iterable[Live], world: World) -> list[Live]:
    """Return the cases of which a job is unconfirmed now."""
    return [live for live in played if is_unconfirmed(live, world)]


def is_unconfirmed(live: Live, world: World) -> bool:
    if any(job.get("state") == "unconfirmed" for job in live.jobs.values()):
        world.look(live)
    return any(job.get("state") == "unconfirmed" for job in live.jobs.values())


def ring_at_last(live: Live, world: World) -> bool:
    """Deliver the callback of each ended task whose job does not know of it.

    A task that had told itself already is left alone: its job should have known.
    """
    for task in world.books():
        url = task["request"]["callback_url"]
        job = live.jobs.get(url.split("/")[-4], {})
        is_news = job.get("state") == "unconfirmed" and not was_told(task)
        if is_news and task["status"] in {"completed", "failed", "cancelled"}:
            http("POST", url, task["answer"])
    return True


def redriven(live: Live, world: World) -> bool:
    """Take up again what nobody can know, as docs/cli.md says, and pay for it by name."""
    for job_id, job in live.jobs.items():
        if job.get("state") == "unconfirmed":
            run(world, "redrive", job_id, "--force", job_id)
    return True
