"""Which job, or else which manifest, an invocation works on: read from whatever its event is."""

import json
import re
from collections.abc import Iterator

RUN = re.compile(r"([0-9a-f]{32})-\d+")
RING = re.compile(r"/callbacks/([0-9a-f]{32})/.*")
MANIFEST = re.compile(r"manifests/.+")


def function_in(name: str) -> str:
    """Return a function as its folder is named: "…-AdvanceJobFunction-…" is advance_job."""
    found = re.search(r"([A-Za-z]+)Function-", name)
    return re.sub(r"(?<!^)(?=[A-Z])", "_", found[1]).lower() if found else name


def subject_of(event: object) -> str:
    """Return a job id, a manifest's key, or nothing when the event names neither."""
    found = list(texts(event))
    jobs = [text for name, text in found if name == "job_id"]
    jobs += [match[1] for _, text in found if (match := RUN.fullmatch(text))]
    jobs += [match[1] for _, text in found if (match := RING.fullmatch(text))]
    keys = [text for name, text in found if name == "key" and MANIFEST.fullmatch(text)]
    return next(iter(jobs + keys), "")


def texts(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of an event with its name, looking into JSON within JSON."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from texts(part, key)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part, name)
    elif isinstance(value, str):
        yield name, value
        if value.startswith("{"):
            try:
                yield from texts(json.loads(value))
            except ValueError:
                return
