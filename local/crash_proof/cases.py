"""One drop that is to be broken: what is asked for, what goes wrong, how it may end."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from crash_proof.inside.plans import Blow

if TYPE_CHECKING:
    from crash_proof.world import Live, World

Act = Callable[["Live", "World"], bool]
"""Something done from outside while a case runs; called again and again until it returns True."""

ARCHIVED, FAILED, UNCONFIRMED, REJECTED = "archived", "failed", "unconfirmed", "rejected"


@dataclass(frozen=True)
class Case:
    """A manifest of its own with its faults; `ends` are the states in which its jobs may end.

    `reference` is the key of a picture that is laid down first, empty for the common one.
    With `no_video` the provider never hands out what it made, or says so for too long.
    """

    name: str
    scenario: str
    jobs: tuple[dict[str, Any], ...]
    faults: tuple[dict[str, Any], ...] = ()
    acts: tuple[Act, ...] = ()
    ends: frozenset[str] = frozenset({ARCHIVED})
    blows: tuple[Blow, ...] = ()
    note: str = ""
    no_video: bool = False
    reference: str = ""

    @property
    def key(self) -> str:
        return f"manifests/{self.scenario}/{self.name}.json"

    @property
    def mark(self) -> str:
        """Stand in each prompt, so that the provider's books tell whose task is whose."""
        return f"[{self.name}]"

    def body(self, intake_bucket: str) -> bytes:
        return json.dumps({"jobs": list(self.jobs)}).replace("{intake}", intake_bucket).encode()

    def struck(self, *blows: Blow, note: str) -> "Case":
        """Return the case with functions killed on its way, which may cost it certainty."""
        ends = self.ends | ({UNCONFIRMED, FAILED, ARCHIVED} if REJECTED not in self.ends else set())
        return replace(self, blows=(*self.blows, *blows), ends=ends, note=note)


@dataclass(frozen=True)
class Scenario:
    """How a case is made; each gets a name, and if it is `unseen` a picture, of its own."""

    name: str
    jobs: int = 1
    request: dict[str, Any] = field(default_factory=dict)
    faults: tuple[dict[str, Any], ...] = ()
    acts: tuple[Act, ...] = ()
    ends: tuple[str, ...] = (ARCHIVED,)
    no_video: bool = False
    blows: tuple[dict[str, Any], ...] = ()
    unseen: bool = False

    def case(self, number: int) -> Case:
        name = f"{self.name}-{number:04d}"
        mark = f"[{name}]"
        reference = f"manifests/{name}.png" if self.unseen else ""
        shown = {**SMALL, "image_urls": [f"s3://{{intake}}/{reference or REFERENCE}"]}
        jobs = tuple(
            {"name": f"v{index}", "prompt": f"{mark} clip {index}", **shown, **self.request}
            for index in range(1, self.jobs + 1)
        )
        blows = tuple(
            Blow(id=f"{name}.own{index}", **blow) for index, blow in enumerate(self.blows)
        )
        faults = tuple(bound(fault, mark) for fault in self.faults)
        ends = frozenset({FAILED} if self.no_video else self.ends)
        case = Case(name, self.name, jobs, faults, self.acts, ends, blows)
        return replace(case, no_video=self.no_video, reference=reference)


def bound(fault: dict[str, Any], mark: str) -> dict[str, Any]:
    """Bind a fault to the tasks of one case, or to one of its clips by number."""
    clip = fault.get("clip")
    prompt = mark if clip is None else f"{mark} clip {clip}"
    return {
        **{name: what for name, what in fault.items() if name != "clip"},
        "match": {"prompt": prompt},
    }


REFERENCE = "manifests/tea.png"
SMALL = {"duration": 4, "quality": "480p"}
