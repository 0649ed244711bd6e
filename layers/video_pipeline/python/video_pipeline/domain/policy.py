"""The figures that a deployment may choose."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Policy:
    """How long to wait for what, and how often to try.

    `link_lifetime` is the provider's 24 hours [seed].
    `reference_patience` is how long an object that a job names may stay away before it fails.
    `gone_after` forgives a task that cannot be read yet just after its creation.
    `stuck_after` must lie beyond any run time that the provider may still finish in.
    """

    max_attempts: int = 3
    retry_wait: timedelta = timedelta(seconds=60)
    reference_patience: timedelta = timedelta(minutes=60)
    reference_wait: timedelta = timedelta(seconds=5)
    longest_reference_wait: timedelta = timedelta(minutes=5)
    link_lifetime: timedelta = timedelta(hours=24)
    at_risk_before: timedelta = timedelta(hours=6)
    archive_wait: timedelta = timedelta(seconds=30)
    gone_after: timedelta = timedelta(minutes=10)
    empty_after: timedelta = timedelta(hours=1)
    stuck_after: timedelta = timedelta(hours=72)
    longest_wait: timedelta = timedelta(minutes=15)
    longest_hold: timedelta = timedelta(hours=1)
    max_turns: int = 1000
    receipt_interval: timedelta = timedelta(seconds=5)
    large_receipt_interval: timedelta = timedelta(seconds=60)
    large_manifest: int = 500
