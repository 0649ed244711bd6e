"""Which shape a record or a run has, for whoever must read it after an upgrade.

A field that is added with a default changes neither: readers take what they know.
A version rises when a reader must act on the difference; docs/upgrade.md says how.
"""

RECORD = 1
"""Of jobs and drops in the ledger; items without one are older than the first."""

RUN = 1
"""Of the state that travels through an execution."""
