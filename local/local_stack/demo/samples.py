import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local_stack.places import PROJECT

FOLDER = PROJECT / "events" / "manifests"
PICTURES = (".png", ".jpg")


@dataclass(frozen=True)
class Ending:
    state: str
    reason: str | None = None


@dataclass(frozen=True)
class Sample:
    """A manifest and how it must end; a fault makes the provider misbehave for it."""

    name: str
    state: str
    jobs: Mapping[str, Ending] = field(default_factory=dict)
    provider_fault: Mapping[str, Any] | None = None

    @property
    def body(self) -> bytes:
        return (FOLDER / self.name).read_bytes()

    @property
    def key(self) -> str:
        return f"manifests/{self.name}"

    @property
    def receipt_key(self) -> str:
        return f"receipts/{self.name}.json"

    def missed_by(self, receipt: Mapping[str, Any]) -> list[str]:
        """Say where the end that a receipt tells differs from the declared one."""
        ends = {job["name"]: ending(job) for job in receipt["jobs"]}
        wanted = {self.name: Ending(self.state), **self.jobs}
        found = {self.name: Ending(receipt["state"]), **ends}
        return [
            f"{self.name}: {name} should end {wanted.get(name)}, ended {found.get(name)}"
            for name in wanted.keys() | found.keys()
            if wanted.get(name) != found.get(name)
        ]


def ending(job: Mapping[str, Any]) -> Ending:
    """Tell how a job of a receipt ended; a reason that says no more than the state is none."""
    return Ending(job["state"], job["reason"] if job["reason"] != job["state"] else None)


def read_samples() -> list[Sample]:
    declared = json.loads((FOLDER / "expected.json").read_text())
    return [
        Sample(name, end["state"], endings(end.get("jobs", {})), end.get("provider_fault"))
        for name, end in declared.items()
    ]


def endings(jobs: Mapping[str, Mapping[str, str]]) -> dict[str, Ending]:
    return {name: Ending(**end) for name, end in jobs.items()}


def pictures() -> list[Path]:
    """List what the samples refer to, to be dropped before them."""
    return sorted(path for path in FOLDER.iterdir() if path.suffix in PICTURES)
