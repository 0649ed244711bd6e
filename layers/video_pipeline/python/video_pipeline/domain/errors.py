"""Every error that the pipeline raises on purpose.

PipelineError
├── ProviderUnavailableError   a read of the provider failed; look again later
│   └── ProviderKeyMissingError no provider key has been put into its secret yet
├── FetchError
│   ├── FetchRefusedError      the address may not be fetched, now or ever
│   └── FetchFailedError       the source did not deliver; it may later
│       └── SourceLostError    what was half read cannot be read on; begin anew
├── KeyTakenError              somebody wrote the object first; look at what lies there now
├── StaleMoveError             the ledger moved on since it was read; read again
├── CapReachedError            the day's credit cap has no room for a reservation
├── TaskTakenError             the task already belongs to another attempt
├── JobBusyError               another worker's lease still runs; leave the message alone
└── UnreadableVideoError       (domain/media.py) the bytes are no video that can be read
"""


class PipelineError(Exception):
    """Whatever the pipeline itself raises."""


class ProviderUnavailableError(PipelineError):
    """A read of the provider failed, which proves nothing about the task."""


class ProviderKeyMissingError(ProviderUnavailableError):
    """The provider's key has not been put into its secret."""


class FetchError(PipelineError):
    """A URL could not be fetched."""


class FetchRefusedError(FetchError):
    """The URL is not one that may be fetched: scheme, private address, too many redirects."""


class FetchFailedError(FetchError):
    """The source did not answer, or not with what was asked for; `status` is its HTTP status."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class SourceLostError(FetchFailedError):
    """The source broke off or changed, and what it has now is no continuation."""


class KeyTakenError(PipelineError):
    """An object was written under the key since it was looked at."""


class StaleMoveError(PipelineError):
    """A conditional write found the job other than it was read."""


class CapReachedError(PipelineError):
    """Reserving would exceed the day's cap."""


class TaskTakenError(PipelineError):
    """A task belongs to one attempt only."""


class JobBusyError(PipelineError):
    """The worker that holds the job may still be alive."""
