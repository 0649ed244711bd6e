"""The keys of the callback capabilities: two at a time, so that one can replace the other."""

from video_pipeline.adapters.secrets import Secrets
from video_pipeline.domain.capability import key_id_of

RECENT_SECONDS = 1  # a call under a new key is not answered sooner


class CallbackKeys:
    """The current and the previous value of one secret."""

    def __init__(self, secrets: Secrets, name: str) -> None:
        self._secrets = secrets
        self._name = name

    def __call__(self, key_id: str) -> tuple[str, ...]:
        """Return the valid keys; an id that none of them has makes it look for a newer one.

        Whoever guesses ids makes it look once in a second, not once in a guess.
        """
        current = self._secrets.value(self._name)
        if key_id == key_id_of(current):
            return (current,)  # most rings: the previous value is not even read
        keys = self._secrets.current_and_previous(self._name)
        if key_id in map(key_id_of, keys):
            return keys
        return self._secrets.current_and_previous(self._name, at_most=RECENT_SECONDS)
