"""What is planned for a job or a manifest: to die, or to be held up, at some point of its way.

A plan is a file named after its subject; a blow that was struck is a file too, made by one
process alone, so that it falls as often as planned whatever the number of processes.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

EVERYONE = "everyone"
Where = tuple[str, str, int, str]
"""Function, call, ordinal, and `before` or `after`."""


@dataclass(frozen=True)
class Blow:
    """Strikes `times` times at one point after letting `spared` visits pass.

    An empty part of `where` fits anything. Without a point it strikes by chance, drawn from
    its own name and the point's: the same names strike the same points.
    With `each` the visits of every point that it fits are counted apart.
    With `seconds` it holds up instead of killing.
    """

    id: str
    where: Where | None = None
    times: int = 1
    spared: int = 0
    each: bool = False
    chance: float = 0
    seconds: float = 0

    def hits(self, where: Where) -> bool:
        if self.where is not None:
            return all(wish in {"", 0, part} for wish, part in zip(self.where, where, strict=True))
        drawn = hashlib.sha256(f"{self.id}/{where}".encode()).digest()
        return int.from_bytes(drawn[:8], "big") < self.chance * 2**64


def blow_at(folder: Path, subject: str, where: Where) -> Blow | None:
    """Return the blow that falls here and now, having taken it."""
    for planned in (subject or where[0], EVERYONE):
        for blow in read_plan(plan_file(folder, planned)):
            if blow.hits(where) and is_due(folder, blow, where):
                return blow
    return None


def is_due(folder: Path, blow: Blow, where: Where) -> bool:
    counted = f"{blow.id} {where}" if blow.each else blow.id
    visit = visit_number(folder / "claims" / quote(counted, safe=""), blow.spared + blow.times)
    return visit is not None and visit >= blow.spared


def visit_number(claims: Path, most: int) -> int | None:
    """Take the next number of a visit, None when all are taken."""
    claims.mkdir(parents=True, exist_ok=True)
    for number in range(most):
        try:
            (claims / str(number)).touch(exist_ok=False)
        except FileExistsError:
            continue
        return number
    return None


def ahead_file(folder: Path, subject: str) -> Path:
    return folder / "ahead" / quote(subject, safe="")


def set_ahead(folder: Path, subject: str, hours: float) -> None:
    """Put the clock of every later invocation for a subject so many hours ahead."""
    ahead_file(folder, subject).write_text(str(hours))


def hours_ahead(folder: Path, subject: str) -> float:
    try:
        return float(ahead_file(folder, subject).read_text()) if subject else 0
    except FileNotFoundError:
        return 0


def plan_file(folder: Path, subject: str) -> Path:
    return folder / "plans" / quote(subject, safe="")


def read_plan(file: Path) -> tuple[Blow, ...]:
    try:
        changed = file.stat().st_mtime_ns
    except FileNotFoundError:
        return ()
    return parsed(file, changed)


@cache
def parsed(file: Path, _changed: int) -> tuple[Blow, ...]:
    return tuple(
        Blow(**{**blow, "where": blow["where"] and tuple(blow["where"])})
        for blow in json.loads(file.read_text())
    )


def write_plan(folder: Path, subject: str, blows: list[Blow]) -> None:
    """Lay a plan out in one move, so that nobody reads half of it."""
    file = plan_file(folder, subject)
    half = file.with_name(f".{file.name}.half")
    half.write_text(json.dumps([asdict(blow) for blow in blows]))
    half.replace(file)
