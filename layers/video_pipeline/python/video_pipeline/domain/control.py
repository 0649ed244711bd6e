"""The one shared row that all workers obey: account-wide trouble holds every submission."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from video_pipeline.domain.answers import AccountRefused, AccountTrouble
from video_pipeline.domain.events import VERSIONS, Event, stamp, without_secrets

PERSON = "person"
FIRST_PROBE, LONGEST_PROBE = timedelta(minutes=1), timedelta(hours=1)
RELAPSE = timedelta(minutes=10)  # a pause so soon after a probe ended the last is the same trouble

PAUSES: dict[str, str] = {
    AccountTrouble.UNAUTHORIZED: "Put a valid key of the provider into the stack's secret; "
    "submission resumes by itself when the key is accepted.",
    AccountTrouble.QUOTA: "Top up the provider's account; "
    "submission resumes by itself when the credits are there.",
    AccountTrouble.FORBIDDEN: "Ask the provider to open the model for the account; "
    "it is tried again by itself, at most once an hour.",
    PERSON: "Submission stays paused until a person resumes it with `video-pipeline resume`.",
}
"""Why every submission may be paused, with what a person should do."""


@dataclass(frozen=True, slots=True)
class Control:
    """`paused` says why nothing may be submitted; `not_before` until when a rate limit holds.

    `since` is when the pause began, or when a probe ended the last one: what a person has ended
    is over. `needs` are the units that end a pause by themselves.
    `sequence` counts the events written, `published` those told.
    """

    paused: str | None = None
    message: str | None = None
    since: datetime | None = None
    needs: int | None = None
    probe_every: timedelta = FIRST_PROBE
    not_before: datetime | None = None
    sequence: int = 0
    published: int = 0

    @property
    def ends_by_itself(self) -> bool:
        return self.paused is not None and self.paused != PERSON

    def hold(self, now: datetime) -> timedelta | None:
        """Return how long to wait before looking again, None when submitting is open."""
        if self.paused is not None:
            return self.probe_every
        if self.not_before is not None and self.not_before > now:
            return self.not_before - now
        return None

    def would_end(self, credits_left: int | None) -> bool:
        """Say whether a probe's figure ends the pause; a provider that tells none may be right."""
        return credits_left is None or credits_left >= max(self.needs or 0, 1)


@dataclass(frozen=True, slots=True)
class Change:
    """A pause that begins or ends, and the event that tells it in the same write."""

    before: Control
    after: Control
    event: Event
    at: datetime


def paused_by_provider(
    control: Control, refusal: AccountRefused, needs: int | None, now: datetime
) -> Change | None:
    """Pause for a refusal, unless submission is paused; a relapse is probed half as often."""
    if control.paused is not None:
        return None
    relapse = control.since is not None and now < control.since + control.probe_every + RELAPSE
    every = min(control.probe_every * 2, LONGEST_PROBE) if relapse else FIRST_PROBE
    return _paused(control, refusal.trouble, refusal.message, now, needs=needs, probe_every=every)


def paused_by_person(control: Control, message: str, now: datetime) -> Change | None:
    """Pause until a person resumes, even where the provider had paused already."""
    return None if control.paused == PERSON else _paused(control, PERSON, message, now)


def resumed(control: Control, by: str, now: datetime) -> Change | None:
    """End any pause; `by` is a person or the probe. A rate limit holds on."""
    if control.paused is None:
        return None
    open_again = replace(control, paused=None, message=None, needs=None)
    if by == PERSON:
        after = replace(open_again, since=None, probe_every=FIRST_PROBE)
    else:
        after = replace(open_again, since=now)
    told = {"reason": control.paused, "resumed_by": by, "paused_since": stamp(control.since or now)}
    return _change(control, after, "Submission Resumed", now, **told)


def _paused(
    control: Control,
    reason: str,
    message: str,
    now: datetime,
    **more: Any,  # noqa: ANN401
) -> Change:
    after = replace(control, paused=reason, message=message, since=now, **{"needs": None, **more})
    told = {
        "reason": reason,
        "message": without_secrets(message) or "",
        "next_step": PAUSES[reason],
    }
    return _change(control, after, "Submission Paused", now, **told)


def _change(before: Control, after: Control, kind: str, now: datetime, **told: str) -> Change:
    sequence = before.sequence + 1
    event_id = f"submission-{sequence:06d}"
    detail = {
        "version": VERSIONS[kind],
        "event_id": event_id,
        "sequence": sequence,
        "time": stamp(now),
        "account": {"paused": after.paused is not None},
        "metadata": {},
        **told,
    }
    event = Event(event_id, kind, sequence, detail)
    return Change(before, replace(after, sequence=sequence), event, now)
