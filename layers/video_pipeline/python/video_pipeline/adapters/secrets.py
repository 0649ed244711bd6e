"""Secrets, kept for a minute so that a new value is seen without a deployment.

Powertools' parameters are not used here: their cache tells neither the stages of a secret
nor a value that does not exist yet apart, and both are asked for at every callback.
"""

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

KEEP_SECONDS = 60


class Secrets:
    """Secrets by name and stage; a secret without a value is empty."""

    def __init__(self, client: "SecretsManagerClient") -> None:
        self._client = client
        self._kept: dict[tuple[str, str], tuple[float, str]] = {}

    def value(self, name: str, stage: str = "AWSCURRENT", *, at_most: float = KEEP_SECONDS) -> str:
        """Return a value that was read at most so many seconds ago."""
        read_at, value = self._kept.get((name, stage), (float("-inf"), ""))
        if time.monotonic() - read_at > at_most:
            value = self._read(name, stage)
            self._kept[name, stage] = (time.monotonic(), value)
        return value

    def current_and_previous(self, name: str, *, at_most: float = KEEP_SECONDS) -> tuple[str, ...]:
        """Return the values that are valid while one replaces the other."""
        stages = ("AWSCURRENT", "AWSPREVIOUS")
        found = [self.value(name, stage, at_most=at_most) for stage in stages]
        return tuple(value for value in found if value)

    def _read(self, name: str, stage: str) -> str:
        try:
            answer = self._client.get_secret_value(SecretId=name, VersionStage=stage)
        except self._client.exceptions.ResourceNotFoundException:
            return ""
        return answer.get("SecretString", "").strip()
