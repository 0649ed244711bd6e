"""Every way in which a drop can go, each of which makes some functions work.

The faults are those of docs/emulator.md; waits are chosen so that all end in minutes.
"""

from crash_proof import acts
from crash_proof.cases import ARCHIVED, FAILED, REJECTED, UNCONFIRMED, Scenario

ANY = (ARCHIVED, FAILED, UNCONFIRMED)
UNDECIDED = (UNCONFIRMED, ARCHIVED)
"""Nobody knows, until a ring, the provider's list or a person decides."""

LOST = {"on": "callback", "kind": "lost", "times": 8}
ALL_SUBMIT = ("submit_job", "", 0, "")
WRITE = ("advance_job", "dynamodb.UpdateItem", 0, "before")
ALL_MANIFEST = ("submit_manifest", "", 0, "")


LONG = {"on": "task", "kind": "fail", "code": "service_error"}
"""Fails the first attempt, so that a minute passes before the second."""


def create(kind: str, **more: object) -> dict[str, object]:
    return {"on": "create", "kind": kind, **more}


def task(kind: str, **more: object) -> dict[str, object]:
    return {"on": "task", "kind": kind, **more}


def result(kind: str, **more: object) -> dict[str, object]:
    return {"on": "result", "kind": kind, **more}


def callback(kind: str, **more: object) -> dict[str, object]:
    return {"on": "callback", "kind": kind, **more}


MAIN = (
    Scenario("normal", unseen=True),
    Scenario("three", jobs=3),
    Scenario("unheard", faults=(LOST,)),
    Scenario("retried", faults=(LONG,)),
    Scenario("widow", faults=(create("lost_answer"),)),
    Scenario(
        "pair",
        jobs=2,
        faults=(create("lost_answer", clip=1), task("fail", code="service_error", clip=2)),
    ),
)
"""The ways on which every point is struck."""

CLOSING = tuple(
    Scenario(
        f"closing{instant}",
        faults=(create("lost_answer"), callback("late", seconds=80 * instant)),
        blows=({"where": WRITE, "seconds": 5, "times": 12},),
    )
    for instant in range(1, 9)
)
"""The hub is held up before each of its writes, and one of these rings falls before the last."""

TROUBLE = (
    Scenario("moderated", faults=(task("fail", code="content_policy_violation"),), ends=(FAILED,)),
    Scenario("hopeless", faults=(task("fail", code="service_error", times=2),), ends=(FAILED,)),
    Scenario("refused", faults=(create("http", status=400, code="invalid_request"),), ends=ANY),
    Scenario("busy", faults=(create("http", status=429, retry_after=2),)),
    Scenario("error500", faults=(create("http", status=500),), ends=UNDECIDED),
    Scenario("error503", faults=(create("http", status=503),), ends=UNDECIDED),
    Scenario("gateway", faults=(create("html"),), ends=UNDECIDED),
    Scenario("emptied", faults=(create("empty"),), ends=UNDECIDED),
    Scenario("reset", faults=(create("reset_before"),), ends=UNDECIDED),
    Scenario("slow", faults=(create("slow", seconds=2),)),
    Scenario("tooslow", faults=(create("slow", seconds=7),)),
    Scenario("nameless", faults=(create("no_id"),)),
    Scenario("nobody", faults=(create("lost_answer"), LOST), ends=UNDECIDED),
    Scenario("backwards", faults=(task("regress"),)),
    Scenario("throttled", faults=(task("unknown_status"),)),
    Scenario("cancelled", faults=(task("cancel", form="status"),), ends=(FAILED,)),
    Scenario("cancelfail", faults=(task("cancel", form="failed"),), ends=(FAILED,)),
    Scenario("unreadable", faults=({"on": "read", "kind": "http", "status": 503, "times": 2},)),
    Scenario("slowread", faults=({"on": "read", "kind": "slow", "seconds": 3, "times": 2},)),
    Scenario("forbidden", faults=(result("forbidden"),)),
    Scenario("agent", faults=(result("needs_user_agent"),)),
    Scenario("html", faults=(result("html"),)),
    Scenario("truncated", faults=(result("truncated"),)),
    Scenario("plaintext", faults=(result("wrong_type"),)),
    Scenario("dripping", faults=(result("slow", seconds=10),)),
    Scenario("endless", faults=(result("endless"),)),
    Scenario("twicetold", faults=(callback("duplicate"),)),
    Scenario("latecall", faults=(callback("late", seconds=300),)),
    Scenario("early", faults=(callback("before_answer"), create("slow", seconds=2))),
    Scenario("foreign", faults=(callback("foreign"),)),
    Scenario("garbage", faults=(callback("garbage"),)),
    Scenario("rubbish", acts=(acts.rubbish,)),
    Scenario("doubledrop", jobs=2, acts=(acts.doubled_drop,)),
    Scenario("doubleorder", acts=(acts.doubled_order,)),
    Scenario("doublering", acts=(acts.doubled_ring,)),
    Scenario("again", acts=(acts.dropped_again,)),
    Scenario("againlater", acts=(acts.dropped_again_later,)),
    Scenario("stopped", faults=(LONG,), acts=(acts.stopped,)),
    Scenario("vanished", faults=(LONG,), acts=(acts.vanished,)),
    Scenario("invalid", request={"duration": 99}, ends=(REJECTED,)),
    Scenario("deleted", acts=(acts.deleted,), ends=(REJECTED, ARCHIVED)),
    Scenario("deadorder", blows=({"where": ALL_SUBMIT, "times": 5},), ends=(FAILED,)),
    Scenario("deaddrop", blows=({"where": ALL_MANIFEST, "times": 5},), ends=(REJECTED, ARCHIVED)),
    Scenario("poisoned", acts=(acts.poisoned,)),
    Scenario("slowdrop", blows=({"where": ALL_MANIFEST, "seconds": 2, "times": 3},)),
    Scenario("sloworder", blows=({"where": ALL_SUBMIT, "seconds": 1, "times": 4},)),
    Scenario("slowtold", blows=({"where": ("receive_callback", "", 0, "after"), "seconds": 4},)),
    *CLOSING,
    Scenario("slowturn", blows=({"where": ("advance_job", "", 0, ""), "seconds": 3, "times": 4},)),
)
"""Every fault of the emulator, every repetition and delay, every loss of an execution."""

PATIENCE = (
    Scenario("stuck", faults=(task("stuck"),), acts=(acts.hours_later(73),), no_video=True),
    Scenario("vacant", faults=(task("empty_results"),), acts=(acts.hours_later(2),), no_video=True),
    Scenario(
        "gone", faults=(task("gone"),), acts=(acts.hours_later(acts.GONE_AFTER),), no_video=True
    ),
    Scenario("atrisk", faults=(result("forbidden", times=2),), acts=(acts.hours_later(20),)),
)
"""What is given up, or told as at risk, after hours or days: the functions' clock goes ahead."""

ACCOUNT = tuple(
    Scenario(name, jobs=2, faults=(create("http", status=status, code=code, clip=1),))
    for name, status, code in (
        ("penniless", 402, "insufficient_quota"),
        ("keyless", 401, "invalid_api_key"),
        ("modelless", 403, "model_not_allowed"),
    )
)
"""One job meets what holds back every job of the account, the other beside it too."""

ANYTHING_ELSE = (
    Scenario("nothing"),
    Scenario("lost", faults=(LOST,)),
    Scenario("double", faults=(callback("duplicate"),)),
    Scenario("late", faults=(callback("late", seconds=60),)),
    Scenario("unreadable", faults=({"on": "read", "kind": "http", "status": 500},)),
    Scenario("broken", faults=(result("truncated"),)),
    Scenario("failing", faults=(task("fail", code="upstream_error"),)),
    Scenario("unanswered", faults=(create("lost_answer"),)),
)
"""A second misfortune for a random drop."""
