"""What an archived object says of itself, for whoever lists, filters, bills or expires objects.

Metadata is read with the object and never changes; tags are what S3 rules, policies and cost
reports filter by, at most ten of them, in a narrow alphabet (S3, object tagging).
"""

import re
from collections.abc import Mapping
from urllib.parse import quote

from video_pipeline.domain.job import Job

MOST_TAGS = 10
LONGEST_NAME, LONGEST_VALUE = 128, 256
RESERVED = "aws:"

_UNFIT = re.compile(r"[^\w .:/=+\-@]")


def metadata_of(job: Job) -> Mapping[str, str]:
    """Return plain ASCII, as the headers that carry it want."""
    return {
        "job": job.id,
        "task": job.task_id or "",
        "attempt": str(job.attempt),
        "manifest": quote(job.manifest_key),
    }


def tags_of(job: Job) -> Mapping[str, str]:
    """Return job and manifest, and as much of the job's own metadata as fits, by its names."""
    tags = {"job": job.id, "manifest": _fit(job.manifest_key, LONGEST_VALUE)}
    for name in sorted(job.metadata):
        tag = _fit(name, LONGEST_NAME)
        if len(tags) < MOST_TAGS and tag and not tag.lower().startswith(RESERVED):
            tags.setdefault(tag, _fit(job.metadata[name], LONGEST_VALUE))
    return tags


def _fit(text: str, longest: int) -> str:
    """Write an underscore for whatever S3 takes in no tag."""
    return _UNFIT.sub("_", text)[:longest].strip()
