"""What subscribers are told of a drop."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from video_pipeline.domain.drop import Drop, DropState
from video_pipeline.domain.events import VERSIONS, Event, place, stamp
from video_pipeline.domain.identity import drop_receipt_key, report_key
from video_pipeline.domain.reasons import MANIFEST_REASONS

if TYPE_CHECKING:
    from video_pipeline.domain import event_details as details
    from video_pipeline.domain.completion_report import CompletionReport

MOST_FINDINGS = 20
FIRST_COMPLETION = 2


def told_events(drop: Drop) -> tuple[Event, ...]:
    """Return what was told of a drop so far, the same in every word."""
    if drop.state is DropState.REJECTED:
        return (rejected_event(drop),)
    completed = (drop.completion,) if drop.completion is not None and drop.told else ()
    return (accepted_event(drop), *completed)


def accepted_event(drop: Drop) -> Event:
    head = _head("Manifest Accepted", drop, 1, drop.recorded_at)
    detail: details.ManifestAccepted = {
        **head,
        "jobs": drop.total,
        "warnings": len(drop.problems),
    }
    return _event("Manifest Accepted", detail)


def rejected_event(drop: Drop) -> Event:
    codes = sorted({problem.code for problem in drop.problems})
    reason = "undeliverable" if codes == ["undeliverable"] else "invalid_manifest"
    findings = drop.problems[:MOST_FINDINGS]
    detail: details.ManifestRejected = {
        **_head("Manifest Rejected", drop, 1, drop.recorded_at),
        "reason": reason,
        "error_codes": codes,
        "errors": len(drop.problems),
        "findings": [{"code": problem.code, "path": problem.path} for problem in findings],
        "charged": "no",
        "credits": 0,
        "next_step": MANIFEST_REASONS[reason].next_step,
    }
    return _event("Manifest Rejected", detail)


def completed_event(drop: Drop, report: "CompletionReport") -> Event:
    """Tell the end of a drop by its written report, so that both say the same.

    A drop that a redrive had opened again ends again, with a number and a report of its own.
    """
    totals = report["totals"]
    at = datetime.fromisoformat(report["completed"])
    detail: details.ManifestCompleted = {
        **_head("Manifest Completed", drop, FIRST_COMPLETION + drop.closings, at),
        "jobs": totals["jobs"],
        "ends": totals["ends"],
        "reasons": totals["reasons"],
        "credits": totals["credits"],
        "credits_of_this_drop": totals["credits_of_this_drop"],
        "credits_reserved": totals["credits_reserved"],
        "report": {
            "json": place(drop.bucket, report_key(drop.key, drop.id, "json", drop.closings)),
            "csv": place(drop.bucket, report_key(drop.key, drop.id, "csv", drop.closings)),
        },
    }
    return _event("Manifest Completed", detail)


def drop_of_completion(event_id: str) -> str:
    return event_id.partition("-completed")[0]


def _head(kind: str, drop: Drop, sequence: int, at: datetime) -> "details.OfManifest":
    again = f"-{drop.closings + 1}" if sequence > FIRST_COMPLETION else ""
    return {
        "version": VERSIONS[kind],
        "event_id": f"{drop.id}-{kind.rpartition(' ')[2].lower()}{again}",
        "sequence": sequence,
        "time": stamp(at),
        "metadata": dict(drop.metadata),
        "manifest": {
            "bucket": drop.bucket,
            "key": drop.key,
            "version_id": drop.version_id,
            "drop_id": drop.id,
        },
        "receipt": place(drop.bucket, drop_receipt_key(drop.key, drop.id)),
    }


def _event(kind: str, detail: Mapping[str, Any]) -> Event:
    return Event(detail["event_id"], kind, detail["sequence"], detail)
