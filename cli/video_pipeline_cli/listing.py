"""Jobs of the whole ledger, found by what is known of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from video_pipeline.adapters.ledger import items
from video_pipeline.domain.job import Job
from video_pipeline_cli.target import Target

BATCH = 100  # what one BatchGetItem takes


@dataclass(frozen=True)
class Filter:
    """What is known of the wanted jobs; what is left out may be anything.

    `manifest` is a key or the beginning of one.
    """

    states: frozenset[str] = frozenset()
    manifest: str = ""
    reasons: frozenset[str] = frozenset()
    metadata: dict[str, str] = field(default_factory=dict)
    not_before: datetime | None = None
    not_after: datetime | None = None

    def fits(self, job: Job) -> bool:
        return (
            (not self.states or job.state in self.states)
            and job.manifest_key.startswith(self.manifest)
            and (not self.reasons or job.reason in self.reasons)
            and self.metadata.items() <= job.metadata.items()
            and (self.not_before is None or job.created_at >= self.not_before)
            and (self.not_after is None or job.created_at <= self.not_after)
        )


def find_jobs(target: Target, wanted: Filter) -> Iterator[Job]:
    """Look through the small index of all jobs, and read those that may fit.

    The index trails the ledger by a moment, so every job is judged by the ledger itself.
    """
    ids: list[str] = []
    for job_id in _candidates(target, wanted):
        ids.append(job_id)
        if len(ids) == BATCH:
            yield from _read(target, ids, wanted)
            ids = []
    yield from _read(target, ids, wanted)


def _candidates(target: Target, wanted: Filter) -> Iterator[str]:
    conditions, values = ["begins_with(manifest, :manifest)"], {}
    values[":manifest"] = items.encode(f"{target.intake_bucket}/{wanted.manifest}")
    for sign, name, at in ((">=", "first", wanted.not_before), ("<=", "last", wanted.not_after)):
        if at is not None:
            conditions.append(f"created_at {sign} :{name}")
            values[f":{name}"] = items.encode(at)
    pages = target.dynamodb.get_paginator("scan").paginate(
        TableName=target.table,
        IndexName="jobs_by_manifest",
        FilterExpression=" AND ".join(conditions),
        ExpressionAttributeValues=values,
    )
    for page in pages:
        for item in page["Items"]:
            yield items.plain(item["id"])


def _read(target: Target, ids: Sequence[str], wanted: Filter) -> Iterator[Job]:
    keys: list[Any] = [items.job_key(job_id) for job_id in ids]
    while keys:
        answer = target.dynamodb.batch_get_item(
            RequestItems={target.table: {"Keys": keys, "ConsistentRead": True}}
        )
        for item in answer["Responses"].get(target.table, []):
            job = items.job_of(item)
            if wanted.fits(job):
                yield job
        left = answer["UnprocessedKeys"].get(target.table)
        keys = list(left["Keys"]) if left else []
