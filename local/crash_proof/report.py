"""What a run says at its end: the points, the breaches in words with their trails, one line."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence

from crash_proof.evidence import Evidence
from crash_proof.laws import Breach
from crash_proof.records import Point, Records
from crash_proof.world import Live
from local_stack.progress import say

COUNTED = ("paid_twice", "lost", "untold", "stuck", "credit_drift")
LAST_POINTS = 12


def tell_points(points: Sequence[Point], records: Records, unstruck: set[Point]) -> None:
    """Print every point with how often it was passed, and how often somebody died there."""
    passed = Counter(point for way in records.ways.values() for point in way)
    died = Counter(point for struck in records.struck.values() for point in struck)
    say(f"{len(points)} crash points (passed, struck):")
    for point in points:
        function, call, ordinal, side = point
        mark = "  never struck" if point in unstruck else ""
        what = f"{function:<16} {side:<6} {call} {ordinal}"
        say(f"  {what:<66} {passed[point]:>6} {died[point]:>4}{mark}")


def tell_breaches(
    found: Iterable[Breach], evidence: Evidence, played: Iterable[Live], records: Records
) -> None:
    """Say which law was broken by whom, what was done to it, and how it went."""
    by_subject = {subject: live for live in played for subject in (live.case.name, *live.job_ids)}
    for breach in found:
        say(f"BROKEN {breach.law}: {breach.subject}: {breach.words}")
        live = by_subject.get(breach.subject)
        if live:
            say(f"  case {live.case.name}: {live.case.note or 'nothing was struck'}")
        for moment in json.loads(evidence.jobs.get(breach.subject, {}).get("trail", "[]")):
            words = f"attempt {moment['attempt']} {moment['state']}: {moment['cause']}"
            say(f"  {moment['at']} {words}")
        for task in evidence.tasks:
            if task.callback_url.split("/")[-4] == breach.subject:
                say(
                    f"  provider: {task.id} attempt {task.attempt} {task.status}, told: {task.told}"
                )
        for point in records.ways.get(breach.subject, [])[-LAST_POINTS:]:
            say(f"  passed {' '.join(map(str, point))}")


def counts_of(found: Iterable[Breach]) -> dict[str, int]:
    counts = Counter(breach.law for breach in found)
    return {law: counts[law] for law in COUNTED}
